package dev.ctxmem;

import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.GeneratedPepper;
import java.util.HexFormat;
import java.util.Optional;

/// The generated pepper of a store without a directory of its own: a setting, the same for all instances.
record StoredPepper(AccountStore settings) implements GeneratedPepper {
    private static final HexFormat HEX = HexFormat.of();

    @Override
    public Optional<byte[]> get() {
        return settings.setting(SETTING).map(HEX::parseHex);
    }

    @Override
    public void put(byte[] pepper) {
        settings.putSetting(SETTING, HEX.formatHex(pepper));
    }

    byte[] getOrMake() {
        return HEX.parseHex(settings.settingOrElse(SETTING, HEX.formatHex(GeneratedPepper.fresh())));
    }
}
