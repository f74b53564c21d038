import { strings } from "../strings.js";
import { GrowingText } from "./GrowingText.js";

interface Props {
  language: string;
  text: string;
  /** What the code is, for those who do not see it. */
  label?: string;
  /** It is still being written. */
  writing?: boolean;
}

/** Code under its banner, as in Markdown. */
export function Code({ language, text, label = strings.code, writing = false }: Props) {
  return (
    <div class="cw-code" dir="ltr">
      <div class="cw-code-head">
        <span class="cw-code-language">{language || strings.code}</span>
        <button type="button" class="cw-code-copy" data-cw-copy="code">
          {strings.copyCode}
        </button>
      </div>
      <pre tabIndex={0} role="group" aria-label={label} class={writing ? "cw-growing" : ""}>
        <code>
          <GrowingText text={text} />
        </code>
      </pre>
    </div>
  );
}
