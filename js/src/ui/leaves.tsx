import { render } from "preact";
import type { Leaves } from "../markdown/tree.js";
import { CodeBlock } from "./CodeBlock.js";
import { ChatContext, type ChatView } from "./context.js";
import { Formula } from "./Formula.js";

/** Draws the parts of a Markdown text that live: each in a tree of its own, inside the view around it. */
export const leaves = (around: ChatView | null): Leaves => ({
  draw(host, leaf) {
    host.toggleAttribute("data-display", leaf.kind === "formula" && leaf.display);
    const part = leaf.kind === "code" ? <CodeBlock {...leaf} folds /> : <Formula {...leaf} />;
    render(<ChatContext.Provider value={around}>{part}</ChatContext.Provider>, host);
  },
  drop(host) {
    render(null, host);
  },
});
