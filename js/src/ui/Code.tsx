import { showControls } from "../markdown/parser.js";
import { CodeBlock } from "./CodeBlock.js";

interface Props {
  language: string;
  text: string;
  /** What the code is, for those who do not see it. */
  label?: string;
  /** It is still being written. */
  writing?: boolean;
}

/** Code that a tool was given or gave, as in Markdown; it scrolls on its own, so nothing of it is folded. */
export function Code({ language, text, label, writing = false }: Props) {
  return (
    <CodeBlock language={language} text={showControls(text)} done={!writing} {...(label ? { label } : {})} />
  );
}
