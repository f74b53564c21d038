import { because, brief } from "../phrases.js";
import type { Approval } from "../schema.js";
import { strings } from "../strings.js";

/** Who allowed or denied a call, and why. */
export function ToolApproval({ approval }: { approval: Approval }) {
  const { allowed, by, reason } = approval;
  const what = because((allowed ? strings.approvals : strings.denials)[by], brief(reason));
  const changed = allowed && approval.arguments !== null;
  return (
    <p class="cw-tool-note" dir="auto">
      <span>{changed ? `${what} · ${strings.argumentsChanged}` : what}</span>
    </p>
  );
}
