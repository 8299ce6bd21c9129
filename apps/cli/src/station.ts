import type { Json } from "@detente/basics";
import type { LogRow } from "@detente/station";
import { type ClientFault, connectStation, type StationClient } from "@detente/station/client";
import { Trouble, troubleAt } from "./trouble.ts";
import { MIN_PREFIX } from "./ui/text.ts";

/** The running station of a data directory, its refusals as troubles. */
export interface Station {
  get<T>(path: string, query?: Query): Promise<T>;
  post<T>(path: string, body: Json): Promise<T>;
  lines(path: string, query?: Query): Promise<AsyncIterable<string>>;
  /** The statement with this leaf hash, or the only one whose hash begins so. */
  statement(prefix: string): Promise<LogRow>;
  isRunning(): Promise<boolean>;
  close(): Promise<void>;
}

type Query = Readonly<Record<string, string | number | undefined>>;

const HASH = new RegExp(`^[0-9a-f]{${MIN_PREFIX},64}$`);

export async function connect(dir: string): Promise<Station> {
  const connected = await connectStation(dir);
  if (!connected.ok) throw troubleAt(dir, connected.fault);
  return stationOver(connected.value, dir);
}

function stationOver(client: StationClient, dir: string): Station {
  const trouble = ({ code, message }: ClientFault): Trouble =>
    code === "not-running"
      ? new Trouble(dir, `no station answers at ${client.url}`, `start it with \`detente serve --data ${dir}\``)
      : new Trouble("station", message);

  async function get<T>(path: string, query?: Query): Promise<T> {
    const answer = await client.get<T>(withQuery(path, query));
    if (answer.ok) return answer.value;
    throw trouble(answer.fault);
  }

  return {
    get,
    async post<T>(path: string, body: Json): Promise<T> {
      const answer = await client.post<T>(path, body);
      if (answer.ok) return answer.value;
      throw trouble(answer.fault);
    },
    async lines(path, query) {
      const lines = await client.lines(withQuery(path, query));
      if (lines.ok) return lines.value;
      throw trouble(lines.fault);
    },
    async statement(prefix) {
      if (HASH.test(prefix)) return get<LogRow>(`/api/statements/${prefix}`);
      throw new Trouble(
        prefix,
        "is not a statement's hash",
        `give at least its first ${MIN_PREFIX} digits, as \`detente log\` shows them`,
      );
    },
    async isRunning() {
      const answer = await client.get("/api/status");
      return answer.ok || answer.fault.code !== "not-running";
    },
    close: () => client.close(),
  };
}

function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}
