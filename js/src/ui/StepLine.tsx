import type { ComponentChildren } from "preact";
import { brief } from "../phrases.js";
import { AlertIcon, CheckIcon, StopIcon } from "./icons.js";

const SUMMARY = 100;

interface Props {
  icon: ComponentChildren;
  name: string;
  text: string;
  state: "running" | "waiting" | "done" | "failed" | "ended";
  /** The state in a word; shown where no sign says it. */
  label: string;
}

/** What was done in one line: by what, its gist, and how it ended. */
export function StepLine({ icon, name, text, state, label }: Props) {
  const signed = state === "running" || state === "done";
  return (
    <>
      {icon}
      <span class="cw-step-name">{brief(name)}</span>
      <span class="cw-step-text" dir="auto">
        {brief(text.slice(0, SUMMARY).replace(/\s+/g, " "))}
      </span>
      <span class={`cw-step-state cw-step-${state}`}>
        {state === "running" && <span class="cw-spinner" aria-hidden="true" />}
        {state === "done" && <CheckIcon />}
        {state === "failed" && <AlertIcon />}
        {state === "ended" && <StopIcon />}
        <span class={signed ? "cw-hidden" : ""}>{label}</span>
      </span>
    </>
  );
}
