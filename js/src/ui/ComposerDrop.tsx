import { strings } from "../strings.js";
import { DropIcon } from "./composer-icons.js";

/** Over all of the chat while files are held over it. */
export function ComposerDrop() {
  return (
    <div class="cw-drop">
      <p>
        <DropIcon />
        {strings.dropHere}
      </p>
    </div>
  );
}
