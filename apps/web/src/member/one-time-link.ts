/** The secret of the link that was followed, taken out of the address so that neither history nor a shared screen keeps it. */
export function takeLink(): string {
  const link = window.location.hash.slice(1);
  if (link !== '') history.replaceState(history.state, '', window.location.pathname);
  return link;
}
