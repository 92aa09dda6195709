import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ApplianceSchema, ControlService, ReportResponse } from '@bioscope/control/contract';
import type { Client, Rpc } from '@bioscope/rpc';
import type { Logger, Metrics } from '@bioscope/telemetry';
import type { ApplianceConfig } from './config.ts';
import { NOTHING_SAID, readControlState, saveControlState, type ControlState } from './control-state.ts';
import { inventoryOf, type Wanted } from './domain/difference.ts';
import { messageOf } from './files/faults.ts';
import { openFileStore, type FileKey } from './files/file-store.ts';
import { layoutOf } from './files/layout.ts';
import { startReleaser } from './files/releaser.ts';
import { startScrubber } from './files/scrubber.ts';
import { spaceOf } from './files/space.ts';
import { startFiller } from './fill/filler.ts';
import { originSource } from './fill/origin-source.ts';
import { peerSource } from './fill/peer-source.ts';
import type { Source } from './fill/source.ts';
import { startByteServer } from './nginx/byte-server.ts';
import { startWatch } from './nginx/watch.ts';
import { startReporter, type Reporter } from './reporter.ts';

export type RunningAppliance = {
  troubles(): string[];
  /** Control has answered a report of this process. */
  isKnown(): boolean;
  /** Reports no more, so that steering sends players elsewhere; serves on. */
  drain(): Promise<void>;
  stop(): Promise<void>;
};

export type ApplianceNeeds = {
  readonly config: ApplianceConfig;
  readonly rpc: Pick<Rpc, 'fetch'>;
  readonly control: Pick<Client<typeof ControlService>, 'report'>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pace?: Partial<Pace>;
};

/** How often things are looked at and tried again. */
export type Pace = {
  readonly scrubLookEveryMs: number;
  /** Reading everything again starts over after this rest. */
  readonly scrubRestMs: number;
  /** A source that sends nothing for this long is given up. */
  readonly fillStallMs: number;
  readonly fillRetryFirstMs: number;
  readonly fillRetryMaxMs: number;
};

const PACE: Pace = {
  scrubLookEveryMs: 2_000,
  scrubRestMs: 60_000,
  fillStallMs: 10_000,
  fillRetryFirstMs: 500,
  fillRetryMaxMs: 30_000,
};

const LOOK_EVERY_MS = 1_000;
/** Plenty for a look at what happened, nothing for a disk. */
const LOGS = { bytesMax: 64 * 1024 * 1024, kept: 4 };

/** Puts the parts of an appliance together: nginx, the files, the fill, the checks, the reports. */
export async function startAppliance(needs: ApplianceNeeds): Promise<RunningAppliance> {
  const { config, log } = needs;
  const pace = { ...PACE, ...needs.pace };
  const layout = layoutOf(config.folder);
  const files = await openFileStore(layout);
  let said = await lastSaid(layout.controlState, log);
  const wanted = (): readonly Wanted[] => said.plan?.editions ?? [];
  const space = () => spaceOf(config.folder, { usedBytes: files.heldBytes(), bytesMax: config.bytesMax });
  // Everything below may have news before the reporter exists.
  let reporter: Reporter | null = null;
  const poke = (): void => reporter?.poke();

  const server = await startByteServer({
    name: `nginx-${config.id}`,
    settings: { ...config, folder: layout.nginx, filesFolder: layout.files },
    keys: { version: said.keysVersion, keys: said.keys },
    environment: needs.environment,
    logs: LOGS,
    log,
  });
  const watch = startWatch({ server, keysVersion: () => said.keysVersion, everyMs: LOOK_EVERY_MS, onChange: poke, log });

  const filler = startFiller({
    files,
    log,
    wanted,
    sourcesFor,
    space,
    onChange: poke,
    now: Date.now,
    parallelMax: config.fillParallelMax,
    bytesPerSecondMax: config.fillBytesPerSecondMax,
    reserveBytes: config.reserveBytes,
    stallMs: pace.fillStallMs,
    retry: { firstMs: pace.fillRetryFirstMs, maxMs: pace.fillRetryMaxMs },
  });
  const scrubber = startScrubber({
    files,
    log,
    wanted,
    onBadFile() {
      poke();
      filler.kick();
    },
    now: Date.now,
    lookEveryMs: pace.scrubLookEveryMs,
    bytesPerSecond: config.scrubBytesPerSecond,
    restMs: pace.scrubRestMs,
  });
  const releaser = startReleaser({ files, log, wanted, graceMs: config.graceMs, now: Date.now, isPlanKnown: () => said.plan !== null });
  let tidying: Promise<void> | null = null;
  const ticking = setInterval(() => {
    filler.kick();
    tidying ??= server
      .tidy()
      .catch((error: unknown) => log.warn({ err: error }, 'could not tidy up after nginx'))
      .finally(() => (tidying = null));
  }, LOOK_EVERY_MS);

  reporter = startReporter({ control: needs.control, log, look, known: () => said, learn });

  function sourcesFor(key: FileKey): Source[] {
    const signing = said.keys.find((candidate) => candidate.active);
    const peers = signing === undefined ? [] : (said.plan?.peers ?? []).filter((peer) => peer.editions.includes(key.editionId));
    return [
      ...peers.flatMap((peer) => (signing === undefined ? [] : [peerSource({ peer, key: signing, asker: config.id, now: Date.now }, key)])),
      originSource(needs.rpc, key),
    ];
  }

  async function look(): Promise<MessageInitShape<typeof ApplianceSchema>> {
    const { freeBytes, totalBytes } = await space();
    const nginx = watch.last();
    return {
      id: config.id,
      baseUrl: config.baseUrl,
      site: config.site,
      zone: config.zone,
      region: config.region,
      healthy: nginx.kind === 'well',
      troubles: troubles(),
      load: nginx.kind === 'well' ? Math.min(1, nginx.status.connections / config.connectionsMax) : 0,
      diskFreeBytes: freeBytes,
      diskTotalBytes: totalBytes,
      ...inventoryOf(wanted(), (editionId, file) => files.isHeld(editionId, file)),
    };
  }

  function troubles(): string[] {
    const nginx = watch.last();
    return [...(nginx.kind === 'ill' ? [nginx.because] : []), ...scrubber.troubles(), ...filler.troubles()];
  }

  async function learn(answer: ReportResponse): Promise<void> {
    const next: ControlState = {
      planVersion: answer.plan === undefined ? said.planVersion : answer.planVersion,
      plan: answer.plan ?? said.plan,
      keysVersion: answer.keys.length === 0 ? said.keysVersion : answer.keysVersion,
      keys: answer.keys.length === 0 ? said.keys : answer.keys,
    };
    const hasPlan = answer.plan !== undefined;
    const hasKeys = answer.keys.length > 0;
    if (!hasPlan && !hasKeys) return;
    said = next;
    if (hasKeys) {
      await server.useKeys({ version: next.keysVersion, keys: next.keys });
      watch.lookNow();
    }
    if (hasPlan) {
      filler.kick();
      poke();
    }
    try {
      await saveControlState(layout.controlState, next);
    } catch (error) {
      // A full disk must not stop keys and plans from being followed.
      log.warn({ because: messageOf(error) }, 'could not save the plan and keys; after a restart they come from control again');
    }
  }

  return {
    troubles,
    isKnown: () => reporter?.heardAtMs() != null,
    async drain() {
      await reporter?.stop();
    },
    async stop() {
      clearInterval(ticking);
      await reporter?.stop();
      await tidying;
      await Promise.all([filler.stop(), scrubber.stop(), releaser.stop(), watch.stop()]);
      await server.stop();
    },
  };
}

async function lastSaid(path: string, log: Logger): Promise<ControlState> {
  try {
    return (await readControlState(path)) ?? NOTHING_SAID;
  } catch (error) {
    log.error({ err: error }, 'the saved plan and keys cannot be read; waiting for control to send them');
    return NOTHING_SAID;
  }
}
