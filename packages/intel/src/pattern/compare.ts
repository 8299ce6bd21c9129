import { type Bytes, compareBytes, fromBase64, fromHex } from "@detente/basics";
import { maskIpv4, maskIpv6, type Network, parseNetwork } from "../canonical/cidr.ts";
import { compareTimestamps, isTimestamp } from "../stix/timestamp.ts";
import type { Comparison, Constant, OrderOperator } from "./ast.ts";
import type { Budget } from "./budget.ts";
import { isLike } from "./like.ts";
import { compileRegex } from "./regex.ts";
import type { Found } from "./values-at.ts";

/** Whether one value passes a comparison (STIX 2.1 §9.6), NOT included. */
export function passes(comparison: Comparison, found: Found, budget: Budget): boolean {
  return holds(comparison, found, budget) !== comparison.isNegated;
}

function holds({ operator, constants }: Comparison, found: Found, budget: Budget): boolean {
  const [constant] = constants;
  budget.spend(constants.length);
  if (operator === "IN") return constants.some((each) => compare(found, each) === 0);
  if (constant === undefined) return false;
  switch (operator) {
    case "LIKE": {
      const text = textOf(found);
      if (text === undefined) return false;
      budget.spend(text.length);
      return isLike(text, constant.value as string);
    }
    case "MATCHES": {
      const text = textOf(found);
      const regex = compileRegex(constant.value as string);
      if (text === undefined || !regex.ok) return false;
      budget.spend(1 + Math.floor((text.length * regex.value.size) / 64));
      return regex.value.test(text.normalize("NFC"));
    }
    case "ISSUBSET":
      return contains(constant.value, found.value);
    case "ISSUPERSET":
      return contains(found.value, constant.value);
    default:
      return isOrdered(compare(found, constant), operator);
  }
}

/** What cannot be compared is neither equal nor less nor greater, and so only passes `!=`. */
function isOrdered(order: number | undefined, operator: OrderOperator): boolean {
  if (order === undefined) return operator === "!=";
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** The order of a value and a constant in the value's native format (§9.6.2 to §9.6.4), `undefined` if they have none. */
function compare({ name, value }: Found, constant: Constant): number | undefined {
  if (constant.type === "number") return typeof value === "number" ? value - constant.value : undefined;
  if (constant.type === "boolean") return value === constant.value ? 0 : undefined;
  if (typeof value !== "string") return undefined;
  if (constant.type === "timestamp") {
    return isTimestamp(value) ? compareTimestamps(value, constant.value) : undefined;
  }
  const native = nativeBytes(name, value);
  if (constant.type === "string" && native === undefined) return compareCodePoints(value, constant.value);
  const left = native ?? latin1(value);
  const right = constant.type === "bytes" ? constant.value : latin1(constant.value);
  return left === undefined || right === undefined ? undefined : compareBytes(left, right);
}

/** The octets of a property whose name says that it holds them as hexadecimal or base64. */
function nativeBytes(name: string, value: string): Bytes | undefined {
  if (name.endsWith("_hex")) return fromHex(value.toLowerCase());
  return name.endsWith("_bin") ? fromBase64(value) : undefined;
}

function textOf({ name, value }: Found): string | undefined {
  if (typeof value !== "string") return undefined;
  const native = nativeBytes(name, value);
  return native === undefined ? value : Array.from(native, (octet) => String.fromCharCode(octet)).join("");
}

/** A text of code points below U+0100 as octets (§9.2). */
function latin1(text: string): Bytes | undefined {
  return /^[\u0000-\u00ff]*$/.test(text) ? Uint8Array.from(text, (character) => character.charCodeAt(0)) : undefined;
}

/** JavaScript orders by UTF-16 units, which puts U+1F600 before U+FFFD. */
function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const left = a[Symbol.iterator]();
  const right = b[Symbol.iterator]();
  for (;;) {
    const x = left.next();
    const y = right.next();
    if (x.done === true || y.done === true) return x.done === y.done ? 0 : x.done === true ? -1 : 1;
    const order = (x.value.codePointAt(0) as number) - (y.value.codePointAt(0) as number);
    if (order !== 0) return order;
  }
}

/** Whether a network or address lies within another, or is it. */
function contains(outer: unknown, inner: unknown): boolean {
  const wide = networkOf(outer);
  const narrow = networkOf(inner);
  if (wide === undefined || narrow === undefined || narrow.bits < wide.bits) return false;
  if (wide.family === 4) return narrow.family === 4 && maskIpv4(narrow.address, wide.bits) === wide.address;
  return narrow.family === 6 && maskIpv6(narrow.address, wide.bits).every((group, i) => group === wide.address[i]);
}

function networkOf(value: unknown): Network | undefined {
  if (typeof value !== "string") return undefined;
  if (value.includes("/")) return parseNetwork(value);
  return parseNetwork(`${value}/${value.includes(":") ? 128 : 32}`);
}
