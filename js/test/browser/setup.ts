/** The chunks are part of the test page, as they are of one that comes with all of the front end. */
import { provide } from "../../src/chunks.js";
import * as highlight from "../../src/lazy/highlight.js";
import * as ui from "../../src/lazy/interface.js";
import * as math from "../../src/lazy/math.js";

provide("interface", ui);
provide("highlight", highlight);
provide("math", math);
