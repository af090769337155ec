package io.novasolve.examples.cli;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.examples.cli.DiagnoseCommand.Tried;
import java.util.List;

/** What a person should do next. */
final class Advice {

    /** A match can be had from fewer, but hardly ever is. */
    private static final int FEW_STARS = 12;

    private Advice() {}

    static String of(InputFindings findings, SolveOptions given, List<Tried> tried) {
        Tried last = tried.get(tried.size() - 1);
        if (last.answer().exitStatus() == NovaCommand.OK) {
            return last.trial().lesson();
        }
        if (findings.stars() < FEW_STARS) {
            return "Too few stars: expose longer, check the focus and the lens cap, or crop what is not sky.";
        }
        if (findings.partsWithStars() < InputFindings.PARTS / 2) {
            return "The stars keep to a part of the picture, as with clouds, landscape or a dark edge: crop it to the sky.";
        }
        if (given.scale() == null) {
            return "Nothing helped. The field may be narrower than the indexes cover (nova index advise --focal MM --sensor"
                    + " WxH says which ones it needs), or much of what was found is no star.";
        }
        return "Nothing helped. Much of what was found may be no star: look at the drawing that nova solve --out DIR makes.";
    }
}
