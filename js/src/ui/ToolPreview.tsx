import type { Preview } from "../schema.js";
import { say } from "../strings.js";
import { Display } from "./Display.js";

/** What a tool makes of its arguments before it runs. */
export function ToolPreview({ preview }: { preview: Preview }) {
  if (!preview.bundle && !preview.error) return null;
  return (
    <div class="cw-tool-preview">
      {preview.bundle && <Display bundle={preview.bundle} />}
      {preview.error && (
        <p class="cw-tool-none" dir="auto">
          {say("previewFailed", { reason: preview.error })}
        </p>
      )}
    </div>
  );
}
