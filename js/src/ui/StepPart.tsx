import type { StepPart as Step } from "../schema.js";
import type { MessageView, PartView } from "../store.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { CodeIcon, RightIcon, SearchIcon, ToolIcon } from "./icons.js";
import { StepLine } from "./StepLine.js";
import { TextBlock } from "./TextBlock.js";

/** One step of a provider's own tool, in a line: a search, a run of code. */
export function StepPart({ message, part }: { message: MessageView; part: PartView }) {
  const { view } = useChat();
  const step = part.part.value as Step;
  const chosen = view.card(`${message.key}/${part.key}`);
  const open = chosen.value === true;
  const labels = { running: strings.stepRunning, done: strings.stepDone, failed: strings.stepFailed };
  const line = (
    <StepLine
      icon={<Icon name={step.name} />}
      name={step.name || strings.unnamedStep}
      text={open ? "" : step.text}
      state={step.state}
      label={labels[step.state]}
    />
  );
  if (!step.text) return <p class="cw-step">{line}</p>;
  return (
    <div class="cw-step-card">
      <button
        type="button"
        class="cw-step"
        aria-expanded={open}
        onClick={() => {
          chosen.value = !open;
        }}
      >
        {line}
        <RightIcon />
      </button>
      {open && <TextBlock text={step.text} live={step.state === "running"} />}
    </div>
  );
}

function Icon({ name }: { name: string }) {
  if (/search|fetch|browse|web/i.test(name)) return <SearchIcon />;
  return /code|python|shell/i.test(name) ? <CodeIcon /> : <ToolIcon />;
}
