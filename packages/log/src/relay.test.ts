import { describe } from 'node:test';
import { openKv } from '@bioscope/kv/sqlite';
import { openLog } from './sqlite/index.ts';
import { relayChecks } from '../test/relay-checks.ts';

describe('relay from SQLite to SQLite', () => relayChecks({ kv: (folder) => openKv({ folder }), log: (folder) => openLog({ folder }) }));
