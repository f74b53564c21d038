/** The gallery: every state that the tests know, drawn by the components that people see. */
import { render } from "preact";
import { provide } from "../src/chunks.js";
import * as highlight from "../src/lazy/highlight.js";
import * as ui from "../src/lazy/interface.js";
import * as math from "../src/lazy/math.js";
import { Gallery } from "./Gallery.js";
import "./gallery.css";

provide("interface", ui);
provide("highlight", highlight);
provide("math", math);
render(<Gallery />, document.body);
