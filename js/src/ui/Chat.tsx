import { Asks } from "./Asks.js";
import { Composer } from "./Composer.js";
import { Header } from "./Header.js";
import { Notices } from "./Notice.js";
import { StatusLine } from "./StatusLine.js";
import { Transcript } from "./Transcript.js";
import { Undo } from "./Undo.js";
import { Usage } from "./Usage.js";

export function Chat() {
  return (
    <>
      <Header />
      <Transcript />
      <Asks />
      <footer class="cw-footer">
        <Undo />
        <Notices />
        <StatusLine />
        <Composer />
        <Usage />
      </footer>
    </>
  );
}
