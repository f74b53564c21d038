/** The chunks are part of the test page, as they are of one that comes with all of the front end. */
import fc from "fast-check";
import { provide } from "../../src/chunks.js";
import * as highlight from "../../src/lazy/highlight.js";
import * as ui from "../../src/lazy/interface.js";
import * as math from "../../src/lazy/math.js";

// The same examples each time where a failure would stop others.
if (import.meta.env.VITE_CI) fc.configureGlobal({ seed: 1 });

provide("interface", ui);
provide("highlight", highlight);
provide("math", math);
