package dev.ctxmem.control;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A change to a compiled class, named by what it looks like in the source. Where its place is gone, it fails.
sealed interface Edit {
    ClassDesc DURATION = Duration.class.describeConstable().orElseThrow();

    /// In string constants that contain `within`, `from` becomes `to`.
    record Text(String within, String from, String to) implements Edit {}

    /// As [Text], with a regular expression over several lines.
    record Rewrite(String within, String regex, String to) implements Edit {}

    /// One whole string constant becomes another.
    record Constant(String from, String to) implements Edit {}

    /// The methods of this name answer at once: null (also for none), a boolean, a number, a text or [Duration#ZERO].
    record Answer(String method, @Nullable Object answer) implements Edit {}

    /// The methods of this name answer their first argument.
    record Echo(String method) implements Edit {}

    /// Within `method`, a call of the method `callee` is left out; `answer` stands for its result.
    record Instead(String method, String callee, @Nullable Object answer) implements Edit {}

    /// `method` ends with a call of the method `callee` of the same object.
    record Also(String method, String callee) implements Edit {}

    /// Two changes, of which either alone is made good by the other.
    record Both(Edit first, Edit second) implements Edit {}

    default byte[] apply(byte[] original) {
        if (this instanceof Both(Edit first, Edit second)) {
            return second.apply(first.apply(original));
        }
        var changes = new AtomicInteger();
        ClassTransform transform = switch (this) {
            case Text(String within, String from, String to) ->
                texts(changes, text -> text.contains(within) ? text.replace(from, to) : text);
            case Rewrite(String within, String regex, String to) -> {
                Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
                yield texts(
                        changes,
                        text -> text.contains(within) ? pattern.matcher(text).replaceAll(to) : text);
            }
            case Constant(String from, String to) -> texts(changes, text -> text.equals(from) ? to : text);
            case Answer(String method, Object answer) ->
                answering(changes, method, (body, model) -> load(body, returned(model), answer));
            case Echo(String method) ->
                answering(changes, method, (body, model) -> body.loadLocal(returned(model), body.parameterSlot(0)));
            case Instead(String method, String callee, Object answer) ->
                within(method, (builder, element) -> instead(changes, builder, element, callee, answer));
            case Also(String method, String callee) -> also(changes, method, callee);
            case Both both -> throw new IllegalStateException("" + both);
        };
        ClassFile classFile = ClassFile.of();
        byte[] changed = classFile.transformClass(classFile.parse(original), transform);
        if (changes.get() == 0) {
            throw new IllegalStateException("The place of this edit is gone: " + this);
        }
        return changed;
    }

    private static ClassTransform texts(AtomicInteger changes, UnaryOperator<String> change) {
        return ClassTransform.transformingMethodBodies((builder, element) -> {
            if (element instanceof ConstantInstruction constant && constant.constantValue() instanceof String text) {
                builder.loadConstant(changed(changes, change, text));
            } else if (element instanceof InvokeDynamicInstruction call) {
                builder.invokedynamic(changed(changes, change, call));
            } else {
                builder.with(element);
            }
        });
    }

    private static String changed(AtomicInteger changes, UnaryOperator<String> change, String text) {
        String changed = change.apply(text);
        if (!changed.equals(text)) {
            changes.incrementAndGet();
        }
        return changed;
    }

    /// The compiler keeps the constant parts of a concatenation in the arguments of its bootstrap method.
    private static DynamicCallSiteDesc changed(
            AtomicInteger changes, UnaryOperator<String> change, InvokeDynamicInstruction call) {
        ConstantDesc[] arguments = call.bootstrapArgs().stream()
                .map(argument -> argument instanceof String text ? changed(changes, change, text) : argument)
                .toArray(ConstantDesc[]::new);
        return DynamicCallSiteDesc.of(call.bootstrapMethod(), call.name().stringValue(), call.typeSymbol(), arguments);
    }

    private static ClassTransform answering(
            AtomicInteger changes, String method, BiConsumer<CodeBuilder, MethodModel> answer) {
        return ClassTransform.transformingMethods(candidate -> named(candidate, method), (builder, element) -> {
            if (element instanceof CodeModel code) {
                changes.incrementAndGet();
                MethodModel model = code.parent().orElseThrow();
                builder.withCode(body -> {
                    answer.accept(body, model);
                    body.return_(returned(model));
                });
            } else {
                builder.with(element);
            }
        });
    }

    private static TypeKind returned(MethodModel model) {
        return TypeKind.from(model.methodTypeSymbol().returnType());
    }

    private static void instead(
            AtomicInteger changes, CodeBuilder builder, CodeElement element, String callee, @Nullable Object answer) {
        if (!(element instanceof InvokeInstruction call) || !call.name().equalsString(callee)) {
            builder.with(element);
            return;
        }
        changes.incrementAndGet();
        MethodTypeDesc type = call.typeSymbol();
        for (int i = type.parameterCount() - 1; i >= 0; i--) {
            drop(builder, TypeKind.from(type.parameterType(i)));
        }
        if (call.opcode() != Opcode.INVOKESTATIC) {
            builder.pop();
        }
        load(builder, TypeKind.from(type.returnType()), answer);
    }

    private static ClassTransform also(AtomicInteger changes, String method, String callee) {
        return (classBuilder, classElement) -> {
            if (classElement instanceof MethodModel model && model.methodName().equalsString(method)) {
                var owner = model.parent().orElseThrow().thisClass().asSymbol();
                classBuilder.transformMethod(model, MethodTransform.transformingCode((builder, element) -> {
                    if (element instanceof ReturnInstruction) {
                        changes.incrementAndGet();
                        builder.aload(0).invokevirtual(owner, callee, MethodTypeDesc.of(ConstantDescs.CD_void));
                    }
                    builder.with(element);
                }));
            } else {
                classBuilder.with(classElement);
            }
        };
    }

    private static ClassTransform within(String method, CodeTransform change) {
        return ClassTransform.transformingMethodBodies(candidate -> named(candidate, method), change);
    }

    /// Lambdas belong to their method.
    private static boolean named(MethodModel candidate, String method) {
        String name = candidate.methodName().stringValue();
        return name.equals(method) || name.startsWith("lambda$" + method + "$");
    }

    private static void drop(CodeBuilder builder, TypeKind kind) {
        if (kind.slotSize() == 2) {
            builder.pop2();
        } else {
            builder.pop();
        }
    }

    private static void load(CodeBuilder builder, TypeKind kind, @Nullable Object answer) {
        switch (kind) {
            case VOID -> {}
            case REFERENCE -> {
                switch (answer) {
                    case null -> builder.aconst_null();
                    case String text -> builder.loadConstant(text);
                    case Duration _ -> builder.getstatic(DURATION, "ZERO", DURATION);
                    default -> throw new IllegalArgumentException(answer.toString());
                }
            }
            case LONG -> builder.loadConstant(((Number) Objects.requireNonNull(answer)).longValue());
            case BOOLEAN -> builder.loadConstant(Boolean.TRUE.equals(answer) ? 1 : 0);
            default -> builder.loadConstant(((Number) Objects.requireNonNull(answer)).intValue());
        }
    }
}
