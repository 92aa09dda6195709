/** In the state folder, of no use to the next run: what processes say of themselves. */
export const PROCESSES_FOLDER = 'processes';
/** And what they copied or linked of objects. */
export const COPIES_FOLDER = 'blob-copies';
