/** The gallery: every state that the tests know, drawn by the components that people see. */
import { render } from "preact";
import { Gallery } from "./Gallery.js";
import "./gallery.css";

render(<Gallery />, document.body);
