import {
  type BaseArgs,
  type BaseFlags,
  buildCommand,
  type Command,
  type FlagParametersForType,
  type TypedPositionalParameters,
} from "@stricli/core";
import { Cli } from "./cli.ts";
import type { Context } from "./context.ts";

/** What a command found out, for programs and for people. Its exit codes are those of grep. */
export interface Answer {
  readonly json?: unknown;
  readonly text: readonly string[];
  /** Exit code 1. */
  readonly isNo?: boolean;
  /** Exit code 2: it is not the whole answer, and what is missing was said. */
  readonly isPartial?: boolean;
  /** Done once the answer is printed: what must not be forgotten before. */
  readonly onPrinted?: () => Promise<void>;
}

/** The flags of every command; a command without others names these. */
export type CommonFlags = { readonly json: boolean; readonly data?: string };

/** What a command does. One that prints as it goes gives neither text nor JSON. */
export type Run<Flags extends BaseFlags, Args extends BaseArgs> = (
  cli: Cli,
  flags: Flags,
  ...args: Args
) => Promise<Answer>;

/** What is said of a command before it runs: all that help and the reading of its arguments need. */
interface CommandWords<Flags extends BaseFlags, Args extends BaseArgs> {
  readonly brief: string;
  /** What a person should know beyond the brief. */
  readonly about?: string;
  /** Whole command lines. */
  readonly examples: readonly string[];
  readonly flags: FlagParametersForType<Omit<Flags, keyof CommonFlags>, Context>;
  readonly aliases?: Readonly<Partial<Record<"o" | "f", keyof Flags & string>>>;
  readonly args: TypedPositionalParameters<Args, Context>;
}

/**
 * Every start loads the words of all commands. What a command does stands beside them where it takes no more than the
 * station's answers; else in a module of its own, `x.run.ts`, which is loaded when that command runs.
 */
export type CommandSpec<Flags extends BaseFlags, Args extends BaseArgs> = CommandWords<Flags, Args> &
  ({ readonly run: Run<Flags, Args> } | { readonly load: () => Promise<{ readonly run: Run<Flags, Args> }> });

const COMMON_FLAGS: FlagParametersForType<CommonFlags, Context> = {
  json: { kind: "boolean", brief: "print JSON for programs", default: false },
  data: {
    kind: "parsed",
    parse: String,
    brief: "the station's data directory (else $DETENTE_DATA, else ./data)",
    placeholder: "dir",
    optional: true,
  },
};

/** No positional arguments. */
export const NO_ARGS: { readonly kind: "tuple"; readonly parameters: readonly [] } = { kind: "tuple", parameters: [] };

/** A command with the flags and the manners that all commands share. */
export function command<Flags extends BaseFlags, Args extends BaseArgs>(
  spec: CommandSpec<Flags, Args>,
): Command<Context> {
  const about = spec.about === undefined ? [] : [...wrapped(spec.about), ""];
  const fullDescription = [
    `${spec.brief}.`,
    "",
    ...about,
    "EXAMPLES",
    ...spec.examples.map((line) => `  ${line}`),
  ].join("\n");
  async function carryOut(this: Context, flags: Flags & CommonFlags, ...args: Args): Promise<void> {
    const cli = new Cli(this, flags);
    const { run } = "run" in spec ? spec : await spec.load();
    const { json, text, isNo = false, isPartial = false, onPrinted } = await run(cli, flags, ...args);
    if (!cli.isJson) cli.printAll(text);
    else if (json !== undefined) cli.printJson(json);
    await onPrinted?.();
    this.process.exitCode = isPartial ? 2 : isNo ? 1 : 0;
  }
  return buildCommand<Flags & CommonFlags, Args, Context>({
    docs: { brief: spec.brief, fullDescription },
    parameters: {
      flags: { ...spec.flags, ...COMMON_FLAGS },
      positional: spec.args,
      ...(spec.aliases === undefined ? {} : { aliases: spec.aliases }),
    } as never,
    func: carryOut,
  });
}

const COLUMNS = 100;

function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) as string;
    if (line.length + word.length < COLUMNS) lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
