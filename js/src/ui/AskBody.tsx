import type { FunctionComponent } from "preact";
import { type AskInfo, type AskKind, isBudget } from "../schema.js";
import { AskApproval } from "./AskApproval.js";
import { AskArguments } from "./AskArguments.js";
import { AskBudget } from "./AskBudget.js";
import { AskChoice } from "./AskChoice.js";
import { AskConfirm } from "./AskConfirm.js";
import { AskFile } from "./AskFile.js";
import { AskForm } from "./AskForm.js";
import { AskText } from "./AskText.js";

const BODIES: Record<AskKind, FunctionComponent<{ ask: AskInfo }>> = {
  approval: AskApproval,
  text: AskText,
  choice: AskChoice,
  confirm: AskConfirm,
  form: AskForm,
  file: AskFile,
};

/** How an open question is answered. */
export function AskBody({ ask, disabled }: { ask: AskInfo; disabled: boolean }) {
  const Body = isBudget(ask) ? AskBudget : BODIES[ask.kind];
  return (
    <>
      {ask.kind === "approval" && !isBudget(ask) && <AskArguments ask={ask} />}
      <fieldset class="cw-ask-answer" disabled={disabled}>
        <Body ask={ask} />
      </fieldset>
    </>
  );
}
