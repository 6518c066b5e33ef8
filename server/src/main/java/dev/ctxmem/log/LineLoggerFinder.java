package dev.ctxmem.log;

/// Tells the JDK to log through [LogLines]; found by the service loader.
public final class LineLoggerFinder extends System.LoggerFinder {
    @Override
    public System.Logger getLogger(String name, Module module) {
        return new LineLogger(name);
    }
}
