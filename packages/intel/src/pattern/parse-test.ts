import { err, ok } from "@detente/basics";
import { parseNetwork } from "../canonical/cidr.ts";
import { parseIpv4, parseIpv6 } from "../canonical/ip.ts";
import type { ComparisonExpression, ComparisonOperator, Constant, ObjectPath, PathStep } from "./ast.ts";
import { compileRegex } from "./regex.ts";
import type { Parsed, TokenReader } from "./token-reader.ts";
import { badPattern } from "./token.ts";

const ORDER = new Set(["=", "!=", "<", "<=", ">", ">="]);
const ON_TEXT = new Set(["LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"]);
const MAX_STEPS = 32;

/** A single test of one property (STIX 2.1 §9.6): `path [NOT] operator constant`, or `[NOT] EXISTS path`. */
export function parseTest(reader: TokenReader): Parsed<ComparisonExpression> {
  const isNotExists = reader.takeIf("NOT");
  if (reader.takeIf("EXISTS")) {
    const path = parsePath(reader);
    return path.ok ? ok({ kind: "exists", path: path.value, isNegated: isNotExists }) : path;
  }
  if (isNotExists) return reader.expected("EXISTS (in other tests NOT stands before the operator)");
  const path = parsePath(reader);
  if (!path.ok) return path;
  const isNegated = reader.takeIf("NOT");
  const operator = parseOperator(reader);
  if (!operator.ok) return operator;
  const constants = operator.value === "IN" ? parseSet(reader) : parseConstant(reader, operator.value);
  if (!constants.ok) return constants;
  return ok({ kind: "comparison", path: path.value, isNegated, operator: operator.value, constants: constants.value });
}

function parseOperator(reader: TokenReader): Parsed<ComparisonOperator> {
  const { kind, text } = reader.peek();
  const isOperator = kind === "sign" ? ORDER.has(text) : kind === "word" && (text === "IN" || ON_TEXT.has(text));
  if (!isOperator) return reader.expected("an operator (=, !=, <, <=, >, >=, IN, LIKE, MATCHES, ISSUBSET, ISSUPERSET)");
  reader.take();
  return ok(text as ComparisonOperator);
}

function parsePath(reader: TokenReader): Parsed<ObjectPath> {
  const type = reader.peek();
  if (type.kind !== "word") return reader.expected("an object path such as file:name");
  reader.take();
  if (!reader.takeIf(":")) return reader.expected('":" after the object type');
  const steps: PathStep[] = [];
  do {
    const key = parseKey(reader);
    if (!key.ok) return key;
    steps.push({ key: key.value });
    while (reader.takeIf("[")) {
      const index = parseIndex(reader);
      if (!index.ok) return index;
      steps.push({ index: index.value });
    }
    if (steps.length > MAX_STEPS) return badPattern(type.at, `the path has over ${MAX_STEPS} steps`);
  } while (reader.takeIf("."));
  return ok({ type: type.text, steps });
}

function parseKey(reader: TokenReader): Parsed<string> {
  const token = reader.peek();
  if (token.kind === "word") {
    if (token.text.includes("-"))
      return badPattern(token.at, `names with hyphens stand in apostrophes: '${token.text}'`);
    reader.take();
    return ok(token.text);
  }
  if (token.kind !== "constant" || token.constant.type !== "string") return reader.expected("the name of a property");
  reader.take();
  return ok(token.constant.value);
}

function parseIndex(reader: TokenReader): Parsed<number | "*"> {
  const token = reader.peek();
  const isNumber = token.kind === "constant" && token.constant.type === "number" && /^[0-9]+$/.test(token.text);
  if (!isNumber && token.text !== "*") return reader.expected('an index from 0 on, or "*"');
  reader.take();
  return reader.takeIf("]") ? ok(isNumber ? Number(token.text) : "*") : reader.expected('"]"');
}

function parseConstant(reader: TokenReader, operator: ComparisonOperator): Parsed<readonly Constant[]> {
  const token = reader.peek();
  if (token.kind !== "constant") return reader.expected("a constant (texts stand in apostrophes)");
  const { constant } = token;
  if (ON_TEXT.has(operator) && constant.type !== "string")
    return reader.expected(`a text in apostrophes after ${operator}`);
  if (operator !== "=" && operator !== "!=" && constant.type === "boolean")
    return reader.expected("a constant with an order");
  if ((operator === "ISSUBSET" || operator === "ISSUPERSET") && !isAddress(constant.value as string)) {
    return reader.expected(`an address or a network after ${operator}`);
  }
  if (operator === "MATCHES") {
    const regex = compileRegex(constant.value as string);
    if (!regex.ok) return err(regex.fault.code, `character ${token.at + 1} of the pattern: ${regex.fault.message}`);
  }
  reader.take();
  return ok([constant]);
}

function parseSet(reader: TokenReader): Parsed<readonly Constant[]> {
  if (!reader.takeIf("(")) return reader.expected('"(" after IN');
  const constants: Constant[] = [];
  if (reader.takeIf(")")) return ok(constants);
  do {
    const token = reader.peek();
    if (token.kind !== "constant") return reader.expected("a constant (texts stand in apostrophes)");
    if (constants.length > 0 && constants[0]?.type !== token.constant.type)
      return reader.expected("constants of one type");
    reader.take();
    constants.push(token.constant);
  } while (reader.takeIf(","));
  return reader.takeIf(")") ? ok(constants) : reader.expected('"," or ")"');
}

function isAddress(text: string): boolean {
  return text.includes("/") ? parseNetwork(text) !== undefined : (parseIpv4(text) ?? parseIpv6(text)) !== undefined;
}
