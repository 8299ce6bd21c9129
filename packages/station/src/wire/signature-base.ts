import { type Bytes, err, type Fault, ok, type Result, utf8 } from "@detente/basics";

/** What a signature can cover of a request: everything but the body, which its Content-Digest stands for. */
export interface RequestHead {
  /** In upper case, as sent. */
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** Values of repeated fields joined by ", ", as the web's `Headers` do (RFC 9421 §2.1). */
  readonly headers: { get(name: string): string | null };
}

export type BaseFault = Fault<"missing-component" | "unsupported-component" | "bad-target">;

const FIELD_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;

/**
 * The signature base of a request (RFC 9421 §2.5).
 * @param components names of covered components: `@method`, `@authority`, `@path`, `@query`, or a header field in
 *   lower case; none carries parameters
 * @param parameters the serialised inner list with its parameters, as in Signature-Input
 */
export function signatureBase(
  head: RequestHead,
  components: readonly string[],
  parameters: string,
): Result<Bytes, BaseFault> {
  const target = parseTarget(head.url);
  if (target === undefined) return err("bad-target", "the request target is not in the normal form of its URL");
  if (new Set(components).size !== components.length) {
    return err("unsupported-component", "a component is covered twice (RFC 9421 §2.5)");
  }
  const lines: string[] = [];
  for (const name of components) {
    const value = name.startsWith("@") ? derived(name, head.method, target) : fieldValue(head, name);
    if (!value.ok) return value;
    lines.push(`"${name}": ${value.value}`);
  }
  lines.push(`"@signature-params": ${parameters}`);
  return ok(utf8(lines.join("\n")));
}

/**
 * Dot segments, fragments and the like would let the signature cover one path while the router reads another, so
 * only a target that URL parsing leaves alone is accepted.
 */
function parseTarget(url: string): URL | undefined {
  const parsed = parseUrl(url);
  if (parsed === undefined) return undefined;
  const received = /^[a-z]+:\/\/[^/?#]*(.*)$/is.exec(url)?.[1];
  const wanted = parsed.pathname + parsed.search;
  const normal = received === wanted || (received === "" && wanted === "/");
  return normal ? parsed : undefined;
}

function parseUrl(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function derived(name: string, method: string, target: URL): Result<string, BaseFault> {
  switch (name) {
    case "@method":
      return ok(method);
    case "@authority":
      return ok(target.host);
    case "@path":
      return ok(target.pathname);
    case "@query":
      return ok(target.search === "" ? "?" : target.search);
    default:
      return err("unsupported-component", `the derived component ${name} is not supported here`);
  }
}

function fieldValue(head: RequestHead, name: string): Result<string, BaseFault> {
  if (!FIELD_NAME.test(name)) return err("unsupported-component", "a covered component is not a header field's name");
  const value = head.headers.get(name);
  if (value === null) return err("missing-component", `the signature covers the field ${name}, which is not there`);
  if (!FIELD_VALUE.test(value)) return err("unsupported-component", `the field ${name} holds other than ASCII`);
  return ok(value.trim());
}
