/** The chunks are part of the test page, as they are of one that comes with all of the front end. */
import { provide } from "../../src/chunks.js";
import * as ui from "../../src/lazy/interface.js";

provide("interface", ui);
