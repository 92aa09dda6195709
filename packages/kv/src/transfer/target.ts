/** A register as it is moved: with what the port does not show. */
export type MovedRegister = {
  readonly version: number;
  /** Null: removed, and remembered for a while. */
  readonly value: Uint8Array | null;
  readonly createdBy: string | null;
  readonly createdVersion: number;
};

/** A command that changed a register, and until when its repetition must be known again. */
export type MovedCommand = { readonly commandId: string; readonly version: number; readonly untilMs: number };

/** An event and the number by which subscribers of the embedded store know its place. */
export type MovedEvent = {
  readonly stream: string;
  readonly sequence: number;
  readonly type: string;
  readonly data: Uint8Array;
  readonly commandId: string;
  /** Whether it is the last event of its command. */
  readonly endsCommand: boolean;
  readonly recordedAtMs: number;
  readonly position: number;
};

export type RegisterName = { readonly namespace: string; readonly name: string };
export type StreamName = { readonly namespace: string; readonly stream: string };
export type RecordName = { readonly namespace: string; readonly record: string };

/**
 * What a distributed engine offers beside the port so that an embedded store can be moved into it with versions, commands and times kept. To be used by
 * one mover at a time, and by nobody else meanwhile. Every call may be made again.
 */
export type TransferTarget = {
  isEmpty(): Promise<boolean>;
  /** Also those with deleted items only; in no order. */
  records(): AsyncIterable<RecordName>;
  readonly registers: {
    list(): AsyncIterable<RegisterName>;
    /** The decided state, removed ones too while they are remembered; null when there is nothing. */
    read(name: RegisterName): Promise<MovedRegister | null>;
    /** `seen`: what was read before. `untilMs`: when a removed one may be forgotten. Rejects when it is not what was seen any more. */
    write(
      request: RegisterName & {
        readonly seen: MovedRegister | null;
        readonly next: MovedRegister;
        readonly untilMs: number | null;
        readonly commands: readonly MovedCommand[];
      },
    ): Promise<void>;
    /** Leaves nothing of a register but commands that run out. */
    erase(request: RegisterName & { readonly seen: MovedRegister }): Promise<void>;
  };
  readonly streams: {
    list(): AsyncIterable<StreamName>;
    /** `announced`: up to where subscribers find it. */
    stateOf(name: StreamName): Promise<{ readonly head: number; readonly announced: number }>;
    /**
     * Adds what is not there yet of these events of one namespace, in the order of their positions, and announces them in that order. A subscriber that
     * brings a position of the embedded store goes on right after it.
     */
    bring(namespace: string, events: readonly MovedEvent[]): Promise<void>;
  };
};
