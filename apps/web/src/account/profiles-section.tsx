import type { ReactNode } from 'react';
import { Link } from '../design/link.tsx';
import type { Account } from '../member/session-door.ts';
import { ProfilePicture } from '../profiles/profile-picture.tsx';
import { pathOf } from '../router.ts';
import { text } from '../texts.ts';
import { Row, Section } from './section.tsx';

export function ProfilesSection({ account: { profiles } }: { account: Account }): ReactNode {
  return (
    <Section heading={text('account.profiles')}>
      <Row
        name={profiles.map(({ name }) => name).join(', ')}
        value={
          <span className="account-pictures">
            {profiles.map(({ id, picture }) => (
              <ProfilePicture key={id} picture={picture} />
            ))}
          </span>
        }
      >
        <Link to={pathOf.profiles} className="button">
          {text('profile.manage')}
        </Link>
      </Row>
    </Section>
  );
}
