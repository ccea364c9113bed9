// MLflow's clients print addresses of MLflow's own page: /#/experiments/E/runs/R. What follows # never reaches a
// server, so it is read here, before Streamlit starts, and told to the server as parameters.
(() => {
  const listed = (text) => { try { return [JSON.parse(text)].flat(); } catch { return []; } };
  const asked = () => {
    const [path, query] = location.hash.split('?');
    const one = path.match(/^#\/experiments\/(\d+)(?:\/runs\/(\w+))?(?:\/|$)/);
    if (one) return { experiment: one[1], runs: one[2] || '' };
    if (path !== '#/compare-runs') return null;
    const named = new URLSearchParams(query);
    return { experiment: listed(named.get('experiments'))[0] || '', runs: listed(named.get('runs')).join() };
  };
  const follow = () => {
    const found = asked();
    if (found && found.experiment) location.replace(`./?${new URLSearchParams(found)}`);
  };
  follow();
  addEventListener('hashchange', follow);
})();
