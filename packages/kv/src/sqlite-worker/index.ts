export { openSqliteFile, type FileRequest, type SqliteFile, type SqliteFileOptions } from './open.ts';
export { Packer, Unpacker } from './packing.ts';
export { Refusal, type Operation, type PreparedProgram, type ProgramContext, type SqliteProgram } from './program.ts';
