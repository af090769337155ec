package io.novasolve.transport.ssh;

import java.util.Locale;
import java.util.regex.Pattern;

/** The first line of the wire protocol: {@code job-SITE-NUMBER}. */
public record JobName(String site, int jobId) {

    /** The longest line that can be a job's name. */
    public static final int MAX_LENGTH = 47;

    private static final Pattern SITE = Pattern.compile("[A-Za-z0-9_]{1,32}");
    private static final Pattern LINE = Pattern.compile("job-[A-Za-z0-9_]{1,32}-[0-9]{1,10}");

    /** @throws IllegalArgumentException if the site has other characters than letters, digits and {@code _} */
    public JobName {
        if (!SITE.matcher(site).matches()) {
            throw new IllegalArgumentException(
                    "a site's name has 1 to 32 ASCII letters, digits and underscores, but this one is '" + site + "'");
        }
        if (jobId < 1) {
            throw new IllegalArgumentException("a job id is positive, but this one is " + jobId);
        }
    }

    /** @throws IllegalArgumentException if this is no job's name; the message does not repeat it */
    public static JobName parse(String line) {
        if (!LINE.matcher(line).matches()) {
            throw new IllegalArgumentException("the first line is no job name such as job-nova-123");
        }
        int dash = line.lastIndexOf('-');
        long number = Long.parseLong(line.substring(dash + 1));
        if (number < 1 || number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the job's number is not between 1 and " + Integer.MAX_VALUE);
        }
        return new JobName(line.substring(4, dash), (int) number);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "job-%s-%d", site, jobId);
    }
}
