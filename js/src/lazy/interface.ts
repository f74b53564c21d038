/** What is drawn seldom: it comes as a chunk, with its words. Names here are what `chunks.get("interface")` gives. */
import words from "../../../chatwidget/words/en.json";
import "../press-actions.js";
import { learn } from "../strings.js";

export { attach } from "../attachments.js";
export { plain } from "../plain.js";
export { popOut, print, toPanel } from "../room.js";
export { keepForms } from "../saved/keep.js";
export { AskBody } from "../ui/AskBody.js";
export { Avatar } from "../ui/Avatar.js";
export { ComposerDrop } from "../ui/ComposerDrop.js";
export { ComposerExtras } from "../ui/ComposerExtras.js";
export { Custom } from "../ui/Custom.js";
export { Diagram } from "../ui/Diagram.js";
export { Editor } from "../ui/Editor.js";
export { Enlargeable } from "../ui/Enlargeable.js";
export { Feedback } from "../ui/Feedback.js";
export { FileChip } from "../ui/FileChip.js";
export { JsonTree } from "../ui/JsonTree.js";
export { Over } from "../ui/Over.js";
export { Plot } from "../ui/Plot.js";
export { Queue } from "../ui/Queue.js";
export { Retry } from "../ui/Retry.js";
export { Starters } from "../ui/Starters.js";
export { Table } from "../ui/Table.js";
export { ToolList } from "../ui/ToolList.js";
export { Undo } from "../ui/Undo.js";

learn(words);
