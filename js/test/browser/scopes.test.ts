import { afterEach, describe, expect, test } from "vitest";
import { message, scope, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const said = (id: string, where: string, text: string, more = {}) =>
  message(id, "assistant", [textPart(text)], { scope: where, ...more });
const running = {
  status: "running",
  messages: [
    message("u", "user", [textPart("Plan it")]),
    said("a", "s", "First I look."),
    said("b", "t", "Deep inside."),
    said("c", "s", "Then I plan."),
  ],
  scopes: { s: scope("planner"), t: scope("searcher", { parent: "s", verdict: "complete" }) },
};
const block = (chat: Drawn, name: string) => chat.find(`.cw-scope[aria-label="${name}"]`);
const head = (chat: Drawn, name: string) => block(chat, name).querySelector("button") as HTMLButtonElement;
const isOpen = (chat: Drawn, name: string) => head(chat, name).ariaExpanded === "true";
async function ended(chat: Drawn, verdict: string, error: string | null = null): Promise<void> {
  chat.model.frame(1, [{ op: "set", path: ["scopes", "s"], value: scope("planner", { verdict, error }) }]);
  await drawn();
}

describe("an app inside the app", () => {
  test("is open while it runs, one inside it that has ended is a line with its last words", async () => {
    const chat = await draw(running);
    expect(isOpen(chat, "planner")).toBe(true);
    expect(block(chat, "planner").querySelector(".cw-spinner")).not.toBeNull();
    expect(block(chat, "planner").contains(block(chat, "searcher"))).toBe(true);
    expect(isOpen(chat, "searcher")).toBe(false);
    expect(head(chat, "searcher").textContent).toContain("Deep inside.");
    expect(head(chat, "searcher").textContent).toContain("Done");
  });

  test("folds up when it ends, and opens again at a press", async () => {
    const chat = await draw(running);
    await ended(chat, "complete");
    expect(isOpen(chat, "planner")).toBe(false);
    expect(block(chat, "planner").textContent).toBe("plannerThen I plan.Done");
    head(chat, "planner").click();
    await drawn();
    expect(block(chat, "planner").textContent).toContain("First I look.");
  });

  test("stays open where a person has selected something in it", async () => {
    const chat = await draw(running);
    getSelection()?.selectAllChildren(block(chat, "planner").querySelector(".cw-markdown") as HTMLElement);
    await ended(chat, "complete");
    expect(isOpen(chat, "planner")).toBe(true);
    getSelection()?.removeAllRanges();
  });

  test("that failed stays open and says why", async () => {
    const chat = await draw(running);
    await ended(chat, "error", "The map is missing.");
    expect(isOpen(chat, "planner")).toBe(true);
    expect(block(chat, "planner").querySelector(".cw-scope-error")?.textContent).toBe("The map is missing.");
    head(chat, "planner").click();
    await drawn();
    expect(block(chat, "planner").textContent).toBe("plannerThe map is missing.Failed");
  });

  test("says only once why it failed, where a message of it does", async () => {
    const failed = said("x", "s", "", { status: "error", error: "No model." });
    const scopes = { s: scope("planner", { verdict: "error", error: "No model." }) };
    const chat = await draw({ status: "waiting", messages: [failed], scopes });
    expect(block(chat, "planner").textContent?.match(/No model/g)).toHaveLength(1);
  });

  test("that was stopped says so", async () => {
    const chat = await draw(running);
    await ended(chat, "stopped");
    expect(head(chat, "planner").textContent).toContain("Stopped");
  });

  test("of a kernel that has ended is not at work", async () => {
    const chat = await draw({ ...running, status: "idle" });
    expect(block(chat, "planner").querySelector(".cw-spinner")).toBeNull();
    expect(head(chat, "planner").textContent).toContain("Interrupted");
  });

  test("that waits for a person is open, without a sign of work", async () => {
    const chat = await draw({ ...running, status: "waiting", input_request: { id: "q", message: "" } });
    expect(isOpen(chat, "planner")).toBe(true);
    expect(block(chat, "planner").querySelector(".cw-spinner")).toBeNull();
  });

  test("that has said a lot shows the newest, and more when asked", async () => {
    const messages = Array.from({ length: 100 }, (_, index) => said(`m${index}`, "s", `Number ${index}.`));
    const chat = await draw({ ...running, messages });
    expect(chat.all(".cw-message")).toHaveLength(60);
    chat.button("Show earlier messages (40)").click();
    await drawn();
    expect(chat.all(".cw-message")).toHaveLength(100);
  });

  test("has no buttons to ask again or to edit: only the whole turn can be asked again", async () => {
    const chat = await draw({ ...running, status: "waiting" });
    const labels = [...block(chat, "planner").querySelectorAll("button")].map((button) => button.ariaLabel);
    expect(labels).toContain("Copy");
    expect(labels).not.toContain("Try again");
  });
});
