import { strings } from "../strings.js";
import { UploadIcon } from "./icons-lazy.js";

/** Over all of the chat while files are held over it. */
export function ComposerDrop() {
  return (
    <div class="cw-drop">
      <p>
        <UploadIcon />
        {strings.dropHere}
      </p>
    </div>
  );
}
