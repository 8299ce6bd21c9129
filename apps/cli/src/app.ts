import {
  ArgumentScannerError,
  buildApplication,
  formatMessageForArgumentScannerError,
  run,
  text_en,
} from "@stricli/core";
import { commands } from "./command-tree.ts";
import type { Context } from "./context.ts";
import { Trouble } from "./trouble.ts";
import { plain } from "./ui/text.ts";

const VERSION = "0.1.0";
const TROUBLE = 2;

const application = buildApplication<Context>(commands, {
  name: "detente",
  versionInfo: { currentVersion: VERSION },
  scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
  documentation: { caseStyle: "convert-camel-to-kebab", onlyRequiredInUsageLine: true },
  localization: {
    text: {
      ...text_en,
      noCommandRegisteredForInput: ({ input, corrections }) =>
        oneLine(
          `${input}: no such command — ${corrections.length === 0 ? "see `detente --help`" : `did you mean ${corrections.join(" or ")}?`}`,
        ),
      exceptionWhileParsingArguments: (error) =>
        oneLine(`arguments: ${argumentWords(error)} — add --help to see what the command takes`),
      exceptionWhileRunningCommand: troubleLine,
      exceptionWhileLoadingCommandFunction: troubleLine,
      exceptionWhileLoadingCommandContext: troubleLine,
    },
  },
  determineExitCode: () => TROUBLE,
});

/** Runs one command line; the exit code is in the context's process afterwards. */
export async function runCli(argv: readonly string[], context: Context): Promise<void> {
  await run(application, argv, context);
  const code = context.process.exitCode;
  if (code !== 0 && code !== 1) context.process.exitCode = TROUBLE;
}

function argumentWords(error: unknown): string {
  if (!(error instanceof ArgumentScannerError)) return error instanceof Error ? error.message : String(error);
  return formatMessageForArgumentScannerError(error, {
    ArgumentParseError({ externalFlagNameOrPlaceholder: name, exception }) {
      // Placeholders of arguments are capitals, names of flags are not.
      const place = name === name.toUpperCase() ? name : `--${name}`;
      return `${place}: ${exception instanceof Error ? exception.message : String(exception)}`;
    },
    UnsatisfiedFlagError: ({ externalFlagName }) => `--${externalFlagName} is missing or has no value`,
    UnsatisfiedPositionalError: ({ placeholder }) => `${placeholder} is missing`,
  });
}

/** A trouble is told as it is; anything else is a mistake of ours, told with its place. */
function troubleLine(error: unknown): string {
  if (error instanceof Trouble) return oneLine(error.message);
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const place = /\n\s+at (.*)/.exec(stack)?.[1] ?? "unknown place";
  return oneLine(`internal error: ${message} at ${place} — please report it with what you did`);
}

/** What went wrong may quote a file of somebody else's. */
function oneLine(text: string): string {
  return `detente: ${plain(text, 4000)}`;
}
