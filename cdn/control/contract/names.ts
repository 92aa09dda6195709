/** The shapes of names that appear in segment addresses. The appliance's nginx holds to the same ones. */
export const EDITION_ID: RegExp = /^[A-Za-z0-9_-]{1,128}$/;
export const SESSION_ID: RegExp = /^[A-Za-z0-9_-]{1,64}$/;
/** No slash and no leading dot: such names cannot leave their folder or be hidden. */
export const FILE_NAME: RegExp = /^[a-z0-9][a-z0-9._-]{0,127}$/;
/** Also the pathway id in manifests. */
export const APPLIANCE_ID: RegExp = /^[a-z0-9][a-z0-9-]{0,31}$/;
export const SHA_256: RegExp = /^[0-9a-f]{64}$/;
