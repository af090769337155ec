package io.novasolve.index.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexFolderTest {

    @TempDir
    Path temp;

    @Test
    void eachFileIsOkOrSaysWhyNot() throws Exception {
        byte[] good = Files.readAllBytes(TestIndex.write(temp.resolve("good.fits"), 17));
        Files.write(temp.resolve("short.fits"), Arrays.copyOf(good, good.length / 2));
        Files.writeString(temp.resolve("text.fits"), "no index");
        Files.writeString(temp.resolve("notes.txt"), "passed over");

        List<IndexFolder.Entry> entries = IndexFolder.verify(temp);

        assertThat(entries)
                .extracting(entry -> entry.file().getFileName().toString(), IndexFolder.Entry::isOk)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("good.fits", true),
                        org.assertj.core.groups.Tuple.tuple("short.fits", false),
                        org.assertj.core.groups.Tuple.tuple("text.fits", false));
        assertThat(entries.get(0).scale()).contains(17);
        assertThat(entries.get(1).problem()).contains("cut short");
        assertThat(IndexFolder.scales(entries)).containsExactly(17);
    }

    @Test
    void aWrongCodeDeepInTheFileIsFoundByVerifying() throws Exception {
        Path file = TestIndex.write(temp.resolve("index.fits"), 18);
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        int data = text.indexOf("kdtree_data_codes") / 2880 * 2880 + 2880;
        // Not one of the quads that opening samples.
        bytes[data + 4 * 1000 + 1] ^= 0x40;
        Files.write(file, bytes);

        assertThat(IndexFolder.list(temp).get(0).isOk()).isTrue();
        assertThat(IndexFolder.verify(temp).get(0).problem()).contains("code");
    }
}
