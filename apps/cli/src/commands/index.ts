import type { Command } from '../command.ts';
import { add } from './add.ts';
import { bench } from './bench.ts';
import { chaos } from './chaos.ts';
import { dns } from './dns.ts';
import { doctor } from './doctor.ts';
import { down } from './down.ts';
import { engines } from './engines.ts';
import { gameday } from './gameday.ts';
import { help } from './help.ts';
import { list } from './list.ts';
import { migrate } from './migrate.ts';
import { policy } from './policy.ts';
import { remove } from './remove.ts';
import { region } from './region.ts';
import { restart } from './restart.ts';
import { serve } from './serve.ts';
import { setup } from './setup.ts';
import { status } from './status.ts';
import { test } from './test.ts';
import { up } from './up.ts';
import { versionCommand } from './version.ts';
import { viewers } from './viewers.ts';

export const COMMANDS: readonly Command[] = [
  up,
  add,
  list,
  remove,
  status,
  down,
  serve,
  restart,
  region,
  dns,
  migrate,
  setup,
  doctor,
  chaos,
  gameday,
  test,
  bench,
  viewers,
  engines,
  policy,
  versionCommand,
  help,
];
