import { ActionButton } from "./ActionButton.js";
import { useChat } from "./context.js";
import { icon } from "./icons.js";

const FullIcon = icon(<path d="m7.5 8.5 4.5-4.5 4.5 4.5M12 4v16m-4.5-4.5L12 20l4.5-4.5" />);

/** Makes the view as high as what is visible of the notebook, and as it was again. */
export function FullButton() {
  const { view } = useChat();
  return (
    <ActionButton name="fullHeight" class="cw-icon-button cw-full-button" pressed={view.full.value}>
      <FullIcon />
    </ActionButton>
  );
}
