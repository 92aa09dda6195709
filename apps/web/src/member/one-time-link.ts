import { useEffect, useState } from 'react';

/** The secret of the link that was followed, also when that was while the page was open; empty without one. Neither history nor a shared screen keeps it. */
export function useOneTimeLink(): string {
  const [link, setLink] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    const take = (): void => {
      const followed = window.location.hash.slice(1);
      if (followed === '') return;
      setLink(followed);
      history.replaceState(history.state, '', window.location.pathname);
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return link;
}
