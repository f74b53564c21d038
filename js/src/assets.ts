/** Scripts that are too large to be part of the widget; the kernel has them, in the version its data is made for. */
import type { AssetName, Requests } from "./requests.js";

export interface Asset {
  script: string | null;
  /** Why there is none, in the kernel's words. */
  reason: string | null;
}

export class Assets {
  private readonly known = new Map<string, Promise<Asset>>();

  constructor(private readonly requests: Requests) {}

  /** The text of a script; asked for once, and again only when the kernel was lost on the way. */
  get(name: AssetName, mime?: string, digest = ""): Promise<Asset> {
    const key = `${name} ${mime ?? ""} ${digest}`;
    const known = this.known.get(key) ?? this.load(key, name, mime);
    this.known.set(key, known);
    return known;
  }

  private async load(key: string, name: AssetName, mime: string | undefined): Promise<Asset> {
    const more = mime === undefined ? {} : { mime };
    const { ok, error, value } = await this.requests.ask({ type: "asset", name, ...more });
    if (!ok && error === null) this.known.delete(key);
    return { script: ok ? await unzip(value) : null, reason: error };
  }
}

/** The text of what was gzipped and written in base64; null for anything else. */
async function unzip(value: unknown): Promise<string | null> {
  try {
    const bytes = Uint8Array.from(atob(value as string), (character) => character.charCodeAt(0));
    return await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  } catch {
    return null;
  }
}
