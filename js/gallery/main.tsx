/** The gallery: every state that the tests know, drawn by the components that people see. */
import { render } from "preact";
import { provide } from "../src/chunks.js";
import * as ui from "../src/lazy/interface.js";
import { Gallery } from "./Gallery.js";
import "./gallery.css";

provide("interface", ui);
render(<Gallery />, document.body);
