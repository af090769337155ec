package io.novasolve.engine;

import io.novasolve.engine.index.KdTree;

/** Working space of one thread, so that the inner loops allocate nothing. */
final class Scratch {
    final CodeHits codeHits = new CodeHits();
    final KdTree.Hits treeHits = new KdTree.Hits();
    final KdTree.Hits starHits = new KdTree.Hits();
    final double[] direction = new double[3];
    final double[] code = new double[6];
    final long[] map = new long[2 * IndexAids.MAP_SIDE];
}
