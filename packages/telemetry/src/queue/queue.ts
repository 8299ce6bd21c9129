import { setTimeout as delay } from "node:timers/promises";
import {
  type Consumer,
  type ConsumerConfig,
  type ConsumerInfo,
  jetstream,
  type JetStreamClient,
  type JetStreamManager,
  JetStreamApiCodes,
  JetStreamApiError,
  JetStreamError,
  type JsMsg,
  type StoredMsg,
  type StreamConfig,
} from "@nats-io/jetstream";
import { errors, type NatsConnection } from "@nats-io/transport-node";
import { JobGoneError, QueueError } from "./queue-error.ts";

/** So long an absent server is waited for; then whoever asked is told. */
const PATIENCE_MS = 120_000;
const AGAIN_MS = 250;
/** Codes of NATS's JetStream API (server/errors.json) that the client does not name. */
const CONSUMER_NAME_EXISTS = 10_013;
const CONSUMER_EXISTS = 10_148;

/**
 * What is used of NATS JetStream. Every request may be repeated without harm, and is repeated while the server is
 * away: a restart of the server is an ordinary event.
 * @throws QueueError from every method when the server stays away or refuses; JobGoneError when the stream is not there
 */
export class Queue {
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #place: string;

  constructor(connection: NatsConnection, manager: JetStreamManager, place: string) {
    this.#connection = connection;
    this.#manager = manager;
    this.#client = jetstream(connection);
    this.#place = place;
  }

  /** Whether the connection was given up for good: the server refuses the login that it took before. */
  get isClosed(): boolean {
    return this.#connection.isClosed();
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Makes a stream unless there is one of the same form. */
  async addStream(config: Partial<StreamConfig> & { readonly name: string }): Promise<void> {
    await this.#patiently(() => this.#manager.streams.add(config));
  }

  /** Names of the streams that take this subject, which may have wildcards. */
  async streamsOf(subject: string): Promise<string[]> {
    return this.#patiently(async () => {
      const all: string[] = [];
      for await (const name of this.#manager.streams.names(subject)) all.push(name);
      return all;
    });
  }

  async removeStream(stream: string): Promise<void> {
    await this.#patiently(() => this.#manager.streams.delete(stream)).catch(unlessGone);
  }

  /** Makes a durable consumer unless there is one of that name. */
  async addConsumer(stream: string, config: Partial<ConsumerConfig>): Promise<void> {
    await this.#patiently(() => this.#manager.consumers.add(stream, config).catch(unlessThere));
  }

  async consumer(stream: string, name: string): Promise<Consumer> {
    return this.#patiently(() => this.#client.consumers.get(stream, name));
  }

  async consumerInfo(stream: string, name: string): Promise<ConsumerInfo> {
    return this.#patiently(() => this.#manager.consumers.info(stream, name));
  }

  /** A message that waits for a worker, if one comes within `waitMs`, at least a second. */
  async take(consumer: Consumer, waitMs: number): Promise<JsMsg | null> {
    try {
      return await consumer.next({ expires: waitMs });
    } catch (error) {
      // The job was finished, or the server is away: whoever looks for jobs next learns which.
      if (error instanceof JetStreamError || isAway(error)) return null;
      throw this.#refusal(error);
    }
  }

  /** Done once the server has it on its disk. @param once the server keeps only one of the messages with the same */
  async publish(stream: string, subject: string, data: Uint8Array, once?: string): Promise<void> {
    const options = { expect: { streamName: stream }, ...(once === undefined ? {} : { msgID: once }) };
    await this.#patiently(async () => {
      try {
        await this.#client.publish(subject, data, options);
      } catch (error) {
        // Where no stream takes the subject nobody answers, as when the server has just begun: this tells which it is.
        if (isAway(error)) await this.#manager.streams.info(stream);
        throw error;
      }
    });
  }

  /** The newest message of a subject. */
  async last(stream: string, subject: string): Promise<StoredMsg | null> {
    return this.#patiently(() => this.#manager.streams.getMessage(stream, { last_by_subj: subject }));
  }

  /** The first message from `seq` on of the subjects that match. */
  async next(stream: string, seq: number, subjects: string): Promise<StoredMsg | null> {
    const query = { seq, next_by_subj: subjects };
    return this.#patiently(() => this.#manager.streams.getMessage(stream, query));
  }

  async #patiently<T>(action: () => Promise<T>): Promise<T> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await action();
      } catch (error) {
        if (isGone(error)) throw new JobGoneError();
        if (!isAway(error)) throw this.#refusal(error);
        if (Date.now() > until) throw new QueueError(`${this.#place}: does not answer — see to the server`, error);
        await delay(AGAIN_MS);
      }
    }
  }

  #refusal(error: unknown): QueueError {
    return new QueueError(`${this.#place}: refuses: ${(error as Error).message} — see the server's log`, error);
  }
}

/** Whether an error says that there is no server, or none that is ready, now. */
function isAway(error: unknown): boolean {
  return (
    error instanceof errors.TimeoutError ||
    error instanceof errors.RequestError ||
    error instanceof errors.NoRespondersError ||
    error instanceof errors.ConnectionError ||
    (error instanceof JetStreamApiError && error.status === 503) ||
    // Nobody answers for JetStream; the client does not export this class.
    (error instanceof Error && error.name === "JetStreamNotEnabled")
  );
}

/** Servers from 2.10 on change no consumer by this request. */
function unlessThere(error: unknown): void {
  const isThere = error instanceof JetStreamApiError && [CONSUMER_NAME_EXISTS, CONSUMER_EXISTS].includes(error.code);
  if (!isThere) throw error;
}

function isGone(error: unknown): boolean {
  const codes: readonly number[] = [JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound];
  return error instanceof JetStreamApiError && codes.includes(error.code);
}

function unlessGone(error: unknown): void {
  if (!(error instanceof JobGoneError)) throw error;
}
