/** What a test page cannot see of itself, as commands of the browser tests: what it asked for, and who was called. */
import dgram from "node:dgram";
import net, { type AddressInfo } from "node:net";
import type { Page } from "playwright";
import type { BrowserCommand } from "vitest/node";

export interface Seen {
  /** Addresses that were asked for, but for those of the test server. */
  requests: string[];
  /** Of pictures that the page may ask its own server for. */
  pictures: string[];
  /** Dialogs, windows and downloads that were opened. */
  opened: string[];
  /** Exceptions, and errors in the console. */
  faults: string[];
}

const logs = new WeakMap<Page, Seen>();
const nothing = (): Seen => ({ requests: [], pictures: [], opened: [], faults: [] });

function logOf(page: Page): Seen {
  const known = logs.get(page);
  if (known) return known;
  const log = nothing();
  logs.set(page, log);
  const own = new URL(page.url()).origin;
  page.on("request", (request) => {
    const url = request.url();
    if (/^(data|blob|about):/.test(url)) return;
    if (!url.startsWith(`${own}/`)) log.requests.push(url);
    else if (request.resourceType() !== "script" && request.resourceType() !== "fetch")
      log.pictures.push(url);
  });
  // Told of all the same, and taken back.
  page.on("requestfailed", (request) => {
    // By the browser itself: "csp", "origin".
    const refused = !request.failure()?.errorText.startsWith("net::");
    const at = refused ? log.requests.indexOf(request.url()) : -1;
    if (at >= 0) log.requests.splice(at, 1);
  });
  page.on("dialog", (dialog) => {
    log.opened.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  // Not closed: other tests on this page open tabs that they need.
  page.on("popup", (popup) => log.opened.push(`window ${popup.url()}`));
  page.on("download", (download) => log.opened.push(`download ${download.url()}`));
  page.on("pageerror", (error) => log.faults.push(String(error)));
  page.on("console", (line) => {
    // What a frame has been refused.
    if (line.type() === "error" && !/^(about:srcdoc|blob:null)/.test(line.location().url))
      log.faults.push(`${line.text()} ${line.location().url}`);
  });
  return log;
}

/** What has been seen since this was last asked. */
const seen: BrowserCommand<[]> = ({ page }): Seen => {
  const log = logOf(page);
  const now = structuredClone(log);
  for (const list of Object.values(log)) list.length = 0;
  return now;
};

const heard: string[] = [];
let port: Promise<number> | null = null;

/** The port of a server on this machine that writes down who sends it anything, by TCP or UDP. */
const trap: BrowserCommand<[]> = (): Promise<number> => {
  port ??= new Promise((done) => {
    const server = net.createServer((socket) => {
      socket.on("data", (data) => heard.push(`TCP ${data.toString("latin1").slice(0, 60)}`));
      socket.on("error", () => {});
    });
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      const udp = dgram.createSocket("udp4");
      udp.on("message", () => heard.push("UDP"));
      udp.bind(port, "127.0.0.1", () => done(port));
      server.unref();
      udp.unref();
    });
  });
  return port;
};

const trapped: BrowserCommand<[]> = (): string[] => heard.splice(0);

export const commands = { seen, trap, trapped };

declare module "vitest/internal/browser" {
  interface BrowserCommands {
    seen(): Promise<Seen>;
    trap(): Promise<number>;
    trapped(): Promise<string[]>;
  }
}
