package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreUrlTest {

    @Test
    void secretsAreTakenOut() {
        StoreUrl address =
                StoreUrl.parse("jdbc:postgresql://h/db?user=u&password=a%26b&sslmode=require&sslpassword=key");
        assertThat(address.url()).isEqualTo("jdbc:postgresql://h/db?user=u&sslmode=require");
        assertThat(address.password()).isEqualTo("a&b");
        assertThat(address.secrets()).isEqualTo(Map.of("sslpassword", "key"));
        assertThat(address).asString().doesNotContain("a&b", "key");
        assertThat(StoreUrl.parse("jdbc:mariadb://h/db?keyStorePassword=a&trustStorePassword=b")
                        .url())
                .isEqualTo("jdbc:mariadb://h/db");
    }

    @Test
    void aUserBeforeTheHostCounts() {
        StoreUrl address = StoreUrl.parse("jdbc:postgresql://me:secret@h:5432/db");
        assertThat(address.url()).isEqualTo("jdbc:postgresql://h:5432/db");
        assertThat(address.user()).isEqualTo("me");
        assertThat(address.password()).isEqualTo("secret");
        assertThat(StoreUrl.parse("jdbc:postgresql://me@h/db").user()).isEqualTo("me");
    }

    @Test
    void nothingOfAPasswordIsInTheSentenceAboutIt() {
        assertThatThrownBy(() -> StoreUrl.parse("jdbc:postgresql://h/db?password=abc%zzdef"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write a % as %25")
                .hasMessageNotContaining("zz")
                .hasNoCause();
    }
}
