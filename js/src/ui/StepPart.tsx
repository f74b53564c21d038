import { showControls } from "../markdown/parser.js";
import type { StepPart as Step } from "../schema.js";
import type { MessageView, PartView } from "../store.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { AlertIcon, CheckIcon, CodeIcon, RightIcon, SearchIcon, ToolIcon } from "./icons.js";
import { TextBlock } from "./TextBlock.js";

const SUMMARY = 100;
const STATES = { running: strings.stepRunning, done: strings.stepDone, failed: strings.stepFailed };

/** One step of a provider's own tool, in a line: a search, a run of code. */
export function StepPart({ message, part }: { message: MessageView; part: PartView }) {
  const { view } = useChat();
  const step = part.part.value as Step;
  const chosen = view.card(`${message.key}/${part.key}`);
  const open = chosen.value === true;
  const line = (
    <>
      <Icon name={step.name} />
      <span class="cw-step-name">{showControls(step.name) || strings.unnamedStep}</span>
      <span class="cw-step-text">
        {open ? "" : showControls(step.text.slice(0, SUMMARY).replace(/\s+/g, " "))}
      </span>
      <span class={`cw-step-state cw-step-${step.state}`}>
        {step.state === "running" && <span class="cw-spinner" aria-hidden="true" />}
        {step.state === "done" && <CheckIcon />}
        {step.state === "failed" && <AlertIcon />}
        <span class={step.state === "failed" ? "" : "cw-hidden"}>{STATES[step.state]}</span>
      </span>
    </>
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
      {open && <TextBlock text={step.text} />}
    </div>
  );
}

function Icon({ name }: { name: string }) {
  if (/search|fetch|browse|web/i.test(name)) return <SearchIcon />;
  return /code|python|shell/i.test(name) ? <CodeIcon /> : <ToolIcon />;
}
