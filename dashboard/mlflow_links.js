// MLflow's clients print addresses of MLflow's own page: /#/experiments/E/runs/R. What follows # never reaches a
// server, so it is read here, before Streamlit starts, and told to the server as parameters.
(() => {
  const listed = (text) => { try { return [JSON.parse(text)].flat(); } catch { return []; } };
  const plain = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  const looked = (named) => {
    const [, by] = (named.get('orderByKey') || '').match(/^metrics\.`?(.+?)`?$/) || [];
    const order = by && named.has('orderByAsc') && { order: named.get('orderByAsc') === 'true' ? 'lowest' : 'highest' };
    const where = named.get('searchFilter');
    return { ...(where && { where }), ...(by && { by }), ...order };
  };
  const asked = () => {
    const [path, query] = location.hash.split('?');
    const named = new URLSearchParams(query);
    const one = path.match(/^#\/experiments\/(\d+)(?:\/(runs|models)\/([\w-]+))?(?:\/|$)/);
    if (one && one[2] === 'models') return { logged_model: one[3] };
    if (one) return { experiment: one[1], runs: one[3] || '', ...looked(named) };
    const registered = path.match(/^#\/models\/([^/]+)(?:\/versions\/(\d+))?(?:\/|$)/);
    if (registered) return { model: plain(registered[1]), version: registered[2] || '' };
    if (path !== '#/compare-runs') return null;
    const [experiment] = listed(named.get('experiments'));
    return experiment ? { experiment, runs: listed(named.get('runs')).join() } : null;
  };
  const follow = () => {
    const found = asked();
    if (found) location.replace(`./?${new URLSearchParams(found)}`);
  };
  follow();
  addEventListener('hashchange', follow);
})();
