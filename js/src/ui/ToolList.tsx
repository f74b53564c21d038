import { brief } from "../phrases.js";
import type { ToolInfo } from "../schema.js";
import { say, strings } from "../strings.js";
import { useChat } from "./context.js";

/** Which tools these are, each with a switch. */
export function ToolList() {
  const { chat } = useChat();
  const tools = chat.store.tools.value;
  if (tools.length === 0) return null;
  return (
    <ul class="cw-tools-list" aria-label={strings.toolList}>
      {tools.map((tool, index) => (
        <Row key={`${index}/${tool.name}`} tool={tool} />
      ))}
    </ul>
  );
}

function Row({ tool }: { tool: ToolInfo }) {
  const { chat } = useChat();
  const name = brief(tool.name) || strings.unnamedTool;
  const [about = ""] = tool.description.trim().split("\n");
  const origin = [tool.source, tool.approve ? strings.asksFirst : ""].filter(Boolean).join(" · ");
  return (
    <li class="cw-tools-row">
      <div class="cw-tools-text" dir="auto" title={tool.description}>
        <strong>{name}</strong>
        <span class="cw-tools-origin">{brief(origin)}</span>
        {about && <p>{brief(about)}</p>}
      </div>
      <button
        type="button"
        role="switch"
        class="cw-switch"
        aria-checked={tool.enabled}
        aria-label={say("toolSwitch", { name })}
        title={say("toolSwitch", { name })}
        disabled={!chat.live}
        onClick={() => void chat.request({ type: "tool", name: tool.name, enabled: !tool.enabled })}
      />
    </li>
  );
}
