import type { ReactNode } from 'react';

type Drawing = { readonly ground: string; readonly shape: ReactNode };

/** By the ids of PICTURES (@bioscope/identity/contract); on 96 × 96, without words. */
const DRAWINGS: Readonly<Record<string, Drawing>> = {
  comet: {
    ground: '#2b2d6e',
    shape: (
      <>
        <path d="M8 12 58 50 48 62Z" fill="#7f8bff" opacity=".55" />
        <path d="M20 10 64 52 54 66Z" fill="#aeb6ff" opacity=".6" />
        <circle cx="62" cy="62" r="17" fill="#ffe3a3" />
        <circle cx="57" cy="57" r="5" fill="#f4c56b" />
        <circle cx="68" cy="67" r="3.5" fill="#f4c56b" />
        <path d="M22 70h6M25 67v6M74 22h6M77 19v6" stroke="#fff" strokeWidth="2" />
      </>
    ),
  },
  fox: {
    ground: '#1f5b52',
    shape: (
      <>
        <path d="M18 22 38 36h20l20-14-3 34-27 26-27-26Z" fill="#f2884b" />
        <path d="M18 22 38 36l-13 9ZM78 22 58 36l13 9Z" fill="#b9572a" />
        <path d="M48 82 22 56c10-3 20 1 26 12 6-11 16-15 26-12Z" fill="#fff3e3" />
        <circle cx="37" cy="50" r="3.6" fill="#2a1a12" />
        <circle cx="59" cy="50" r="3.6" fill="#2a1a12" />
        <path d="M43 74h10l-5 7Z" fill="#2a1a12" />
      </>
    ),
  },
  lantern: {
    ground: '#4a1f38',
    shape: (
      <>
        <circle cx="48" cy="54" r="32" fill="#ffb95e" opacity=".22" />
        <path d="M48 10v14M36 24h24l4 8H32Z" fill="#e9d2b4" stroke="#e9d2b4" strokeWidth="3" />
        <path d="M32 32h32c8 14 8 28 0 42H32c-8-14-8-28 0-42Z" fill="#ffc66e" />
        <path d="M48 42c7 8 10 13 10 18a10 10 0 0 1-20 0c0-5 3-10 10-18Z" fill="#ff7b45" />
        <path d="M32 74h32v7H32Z" fill="#e9d2b4" />
      </>
    ),
  },
  whale: {
    ground: '#0f4c75',
    shape: (
      <>
        <path d="M14 56c0-16 16-26 34-24 16 2 22 12 24 18 4-2 8-7 8-14 6 4 6 12 4 18-4 14-20 24-40 24-18 0-30-8-30-22Z" fill="#8fd0f0" />
        <path d="M16 62c10 8 34 12 54 2-6 9-16 14-26 14-16 0-25-6-28-16Z" fill="#e8f6fc" />
        <circle cx="30" cy="53" r="3.4" fill="#0b2b42" />
        <path d="M40 30c-2-8-8-10-13-8M40 30c0-8 5-13 11-12" stroke="#bfe6f7" strokeWidth="4" fill="none" strokeLinecap="round" />
      </>
    ),
  },
  cactus: {
    ground: '#b5583a',
    shape: (
      <>
        <circle cx="70" cy="26" r="12" fill="#ffd79a" />
        <path
          d="M48 82V28M48 60H34a8 8 0 0 1-8-8v-8M48 52h14a8 8 0 0 0 8-8v-4"
          stroke="#3f9a6a"
          strokeWidth="13"
          strokeLinecap="round"
          fill="none"
        />
        <path d="M8 78h80v18H8Z" fill="#7d3524" />
        <path d="M48 30v40" stroke="#2c6f4b" strokeWidth="2" strokeDasharray="3 6" />
      </>
    ),
  },
  robot: {
    ground: '#3b3f58',
    shape: (
      <>
        <path d="M48 20v10" stroke="#c9d2e8" strokeWidth="4" />
        <circle cx="48" cy="17" r="5" fill="#ff7b5c" />
        <rect x="22" y="30" width="52" height="42" rx="12" fill="#c9d2e8" />
        <rect x="30" y="40" width="36" height="17" rx="8.5" fill="#20233a" />
        <circle cx="40" cy="48.5" r="4.5" fill="#7fffd4" />
        <circle cx="56" cy="48.5" r="4.5" fill="#7fffd4" />
        <path d="M39 64h18M15 44v14M81 44v14" stroke="#8a95b5" strokeWidth="5" strokeLinecap="round" />
        <path d="M34 80h28v16H34Z" fill="#8a95b5" />
      </>
    ),
  },
  owl: {
    ground: '#33264d',
    shape: (
      <>
        <path d="M22 22 36 30h24l14-8v36a26 26 0 0 1-52 0Z" fill="#a97b52" />
        <path d="M34 60a14 18 0 0 1 28 0c0 12-6 20-14 20s-14-8-14-20Z" fill="#e7c9a0" />
        <circle cx="37" cy="44" r="12" fill="#fff4dd" />
        <circle cx="59" cy="44" r="12" fill="#fff4dd" />
        <circle cx="38" cy="44" r="5.5" fill="#241a12" />
        <circle cx="58" cy="44" r="5.5" fill="#241a12" />
        <path d="m43 52 5 8 5-8Z" fill="#f2a53c" />
      </>
    ),
  },
  sunrise: {
    ground: '#6a3d8f',
    shape: (
      <>
        <circle cx="48" cy="56" r="22" fill="#ffcf6b" />
        <path d="M48 20v8M20 30l6 6M76 30l-6 6M10 54h9M77 54h9" stroke="#ffcf6b" strokeWidth="4.5" strokeLinecap="round" />
        <path d="M0 60c16-8 30-6 46 0s34 6 50-2v38H0Z" fill="#d9566b" />
        <path d="M0 74c20-8 38-2 54 2s30 2 42-4v24H0Z" fill="#8f2f5e" />
      </>
    ),
  },
  kite: {
    ground: '#2f86c1',
    shape: (
      <>
        <path d="M14 26a10 10 0 0 1 18-4 8 8 0 0 1 8 10H16a6 6 0 0 1-2-6Z" fill="#fff" opacity=".8" />
        <path d="m60 14 20 24-32 26-4-32Z" fill="#ff6f61" />
        <path d="m60 14-16 18 36 6Z" fill="#ffd166" />
        <path d="M48 64c-8 6-2 12-10 16s-14-2-18 8" stroke="#fff" strokeWidth="3" fill="none" strokeLinecap="round" />
        <path d="m38 76 8 4-8 5Z" fill="#ffd166" />
      </>
    ),
  },
  mushroom: {
    ground: '#24452f',
    shape: (
      <>
        <path d="M38 54h20l5 26a15 12 0 0 1-30 0Z" fill="#f6ead5" />
        <path d="M14 56c0-22 15-36 34-36s34 14 34 36c-20 5-48 5-68 0Z" fill="#d8433b" />
        <circle cx="34" cy="40" r="6.5" fill="#fff2e0" />
        <circle cx="56" cy="34" r="7.5" fill="#fff2e0" />
        <circle cx="68" cy="50" r="4.5" fill="#fff2e0" />
        <circle cx="43" cy="68" r="2.5" fill="#4a2d20" />
        <circle cx="53" cy="68" r="2.5" fill="#4a2d20" />
      </>
    ),
  },
  penguin: {
    ground: '#7fb9d6',
    shape: (
      <>
        <path d="M22 60c0-26 8-42 26-42s26 16 26 42c0 16-10 26-26 26S22 76 22 60Z" fill="#1c2436" />
        <path d="M32 62c0-14 6-22 16-22s16 8 16 22c0 12-6 20-16 20s-16-8-16-20Z" fill="#fff" />
        <circle cx="39" cy="36" r="6.5" fill="#fff" />
        <circle cx="57" cy="36" r="6.5" fill="#fff" />
        <circle cx="40" cy="37" r="3" fill="#1c2436" />
        <circle cx="56" cy="37" r="3" fill="#1c2436" />
        <path d="m42 42 6 8 6-8Z" fill="#ff9f45" />
        <path d="M32 84h12v6H32ZM52 84h12v6H52Z" fill="#ff9f45" />
      </>
    ),
  },
  guitar: {
    ground: '#7a2331',
    shape: (
      <g transform="rotate(38 48 48)">
        <rect x="44" y="4" width="8" height="46" fill="#3b2417" />
        <rect x="41" y="0" width="14" height="12" rx="3" fill="#22140c" />
        <path d="M34 50c0-9 28-9 28 0 0 5-4 7-2 11 3 4 8 7 8 15 0 12-10 18-20 18S28 88 28 76c0-8 5-11 8-15 2-4-2-6-2-11Z" fill="#e2a04f" />
        <circle cx="48" cy="64" r="7.5" fill="#3b2417" />
        <path d="M40 81h16" stroke="#3b2417" strokeWidth="4" />
        <path d="M46.500 8v72M49.500 8v72" stroke="#f7e6cc" strokeWidth="1" />
      </g>
    ),
  },
};

const UNKNOWN: Drawing = {
  ground: '#35303f',
  shape: <path d="M48 22a16 16 0 1 1 0 32 16 16 0 0 1 0-32ZM18 84c4-16 15-24 30-24s26 8 30 24Z" fill="#b7b0c0" />,
};

/** A profile's picture. Decoration: the name stands beside it. A picture of a newer release is a plain figure. */
export function ProfilePicture({ picture }: { picture: string }): ReactNode {
  const { ground, shape } = (Object.hasOwn(DRAWINGS, picture) ? DRAWINGS[picture] : undefined) ?? UNKNOWN;
  return (
    <svg className="profile-picture" viewBox="0 0 96 96" aria-hidden="true">
      <rect width="96" height="96" fill={ground} />
      {shape}
    </svg>
  );
}
