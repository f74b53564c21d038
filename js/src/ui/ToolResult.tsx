import { wouldRound } from "../numbers.js";
import { parsed } from "../partial.js";
import { pretty } from "../read.js";
import { phase, type ToolCallPart, type ToolDisplay } from "../schema.js";
import { strings } from "../strings.js";
import { Code } from "./Code.js";
import { useChat } from "./context.js";
import { Display } from "./Display.js";
import { MarkdownText } from "./MarkdownText.js";
import { TextBlock } from "./TextBlock.js";

/** What a tool that returned data says. */
const DATA = /^\s*(?:\{\s*"|\[\s*[[{])/;

/** What a tool returned, as the kind of text that it is; a failure is plain text. */
export function ToolResult({ call, display }: { call: ToolCallPart; display: ToolDisplay }) {
  const text = call.result ?? "";
  if (phase(call.state) === "error") return <TextBlock label={strings.failure} text={text} />;
  return (
    <div class="cw-tool-block">
      {display.result_title ? (
        <MarkdownText class="cw-tool-heading" text={display.result_title} />
      ) : (
        <p class="cw-tool-label">{strings.result}</p>
      )}
      <Shown type={display.result} text={text} />
    </div>
  );
}

function Shown({ type, text }: { type: string | null; text: string }) {
  switch (type) {
    case null:
      return DATA.test(text) ? <JsonResult text={text} /> : <TextBlock text={text} />;
    case "text":
    case "plotly":
      return <TextBlock text={text} />;
    case "markdown":
      return <MarkdownText text={text} />;
    case "html":
      return <Display bundle={{ "text/html": text, "text/plain": text }} />;
    case "json":
      return <JsonResult text={text} />;
    default:
      return <Code language={type} text={text} />;
  }
}

/** As it is where it is no JSON (a long one comes with a gap), or where a number would change. */
function JsonResult({ text }: { text: string }) {
  const { chat } = useChat();
  const value = parsed(text);
  const exact = value !== undefined && !wouldRound(text);
  const code = <Code language="json" text={exact ? pretty(value) : text} />;
  const lazy = exact && typeof value === "object" ? chat.chunks.get("interface").value : null;
  return lazy ? <lazy.JsonTree value={value}>{code}</lazy.JsonTree> : code;
}
