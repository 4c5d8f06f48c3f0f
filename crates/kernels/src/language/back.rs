//! The gradients, for burn's autodiff.

use std::sync::Arc;

use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients as Found;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, TensorMetadata};

use super::lstm::Memory;
use super::ops::{Gradients, Language};
use super::{Places, Targets};

/// A backend with the operations and their gradients.
trait Both: Language + Gradients {}

impl<B: Language + Gradients> Both for B {}

fn fetch<B: Both>(checkpointer: &mut Checkpointer, node: NodeId) -> FloatTensor<B> {
    checkpointer.retrieve_node_output::<B::FloatTensorPrimitive>(node)
}

#[derive(Debug)]
struct RmsNorm;

impl<B: Both> Backward<B, 2> for RmsNorm {
    type State = [NodeId; 2];

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Found, kept: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let [input, gain] = ops.state.map(|node| fetch::<B>(kept, node));
        let found = B::rms_norm_back(input, gain, gradient);
        register::<B, 2>(
            ops.parents.map(|node| node.map(|node| node.id)),
            found,
            grads,
        );
    }
}

#[derive(Debug)]
struct Swiglu;

impl<B: Both> Backward<B, 1> for Swiglu {
    type State = NodeId;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Found, kept: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let input = fetch::<B>(kept, ops.state);
        let found = [B::swiglu_back(input, gradient)];
        register::<B, 1>(
            ops.parents.map(|node| node.map(|node| node.id)),
            found,
            grads,
        );
    }
}

#[derive(Debug)]
struct Attention;

impl<B: Both> Backward<B, 1> for Attention {
    type State = (NodeId, usize, Arc<Places>);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Found, kept: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (input, heads, places) = ops.state;
        let input = fetch::<B>(kept, input);
        let found = [B::attention_back(input, heads, &places, gradient)];
        register::<B, 1>(
            ops.parents.map(|node| node.map(|node| node.id)),
            found,
            grads,
        );
    }
}

#[derive(Debug)]
struct Embed;

impl<B: Both> Backward<B, 1> for Embed {
    type State = ([usize; 2], Arc<[u32]>);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Found, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (shape, tokens) = ops.state;
        let found = [B::embed_back(shape, &tokens, gradient)];
        register::<B, 1>(
            ops.parents.map(|node| node.map(|node| node.id)),
            found,
            grads,
        );
    }
}

#[derive(Debug)]
struct CrossEntropy;

impl<B: Both> Backward<B, 2> for CrossEntropy {
    /// What rows and table get from a loss of slope 1.
    type State = [FloatTensor<B>; 2];

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Found, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let slope = B::float_reshape(gradient, [1, 1].into());
        let found = ops.state.map(|own| B::float_mul(own, slope.clone()));
        register::<B, 2>(
            ops.parents.map(|node| node.map(|node| node.id)),
            found,
            grads,
        );
    }
}

#[derive(Debug)]
struct Lstm;

impl<B: Both> Backward<B, 3> for Lstm {
    type State = (NodeId, NodeId, Arc<Memory>);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Found, kept: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (recurrent, state, memory) = ops.state;
        let [recurrent, state] = [recurrent, state].map(|node| fetch::<B>(kept, node));
        let found = B::lstm_back(&memory, recurrent, state, gradient);
        register::<B, 3>(
            ops.parents.map(|node| node.map(|node| node.id)),
            found,
            grads,
        );
    }
}

/// Hands gradients to those of the parents that are tracked.
fn register<B: Both, const N: usize>(
    parents: [Option<NodeId>; N],
    found: [FloatTensor<B>; N],
    grads: &mut Found,
) {
    for (parent, found) in parents.into_iter().zip(found) {
        if let Some(node) = parent {
            grads.register::<B>(node, found);
        }
    }
}

impl<B: Both, C: CheckpointStrategy> Language for Autodiff<B, C> {
    fn rms_norm(input: FloatTensor<Self>, gain: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [input.node(), gain.node()];
        match RmsNorm.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prepared) => {
                let state = [prepared.checkpoint(&input), prepared.checkpoint(&gain)];
                let made = B::rms_norm(input.into_primitive(), gain.into_primitive());
                prepared.finish(state, made)
            }
            OpsKind::UnTracked(prepared) => {
                prepared.finish(B::rms_norm(input.into_primitive(), gain.into_primitive()))
            }
        }
    }

    fn swiglu(input: FloatTensor<Self>) -> FloatTensor<Self> {
        match Swiglu
            .prepare::<C>([input.node()])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(mut prepared) => {
                let state = prepared.checkpoint(&input);
                prepared.finish(state, B::swiglu(input.into_primitive()))
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::swiglu(input.into_primitive())),
        }
    }

    fn attention(input: FloatTensor<Self>, heads: usize, places: Arc<Places>) -> FloatTensor<Self> {
        match Attention
            .prepare::<C>([input.node()])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(mut prepared) => {
                let state = (prepared.checkpoint(&input), heads, Arc::clone(&places));
                prepared.finish(
                    state,
                    <B as Language>::attention(input.into_primitive(), heads, places),
                )
            }
            OpsKind::UnTracked(prepared) => prepared.finish(<B as Language>::attention(
                input.into_primitive(),
                heads,
                places,
            )),
        }
    }

    fn embed(table: FloatTensor<Self>, tokens: Arc<[u32]>) -> FloatTensor<Self> {
        match Embed
            .prepare::<C>([table.node()])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prepared) => {
                let state = (table.shape().dims(), Arc::clone(&tokens));
                prepared.finish(state, B::embed(table.into_primitive(), tokens))
            }
            OpsKind::UnTracked(prepared) => {
                prepared.finish(B::embed(table.into_primitive(), tokens))
            }
        }
    }

    fn cross_entropy(
        hidden: FloatTensor<Self>,
        table: FloatTensor<Self>,
        targets: Targets,
    ) -> FloatTensor<Self> {
        let nodes = [hidden.node(), table.node()];
        match CrossEntropy.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let (hidden, table) = (hidden.into_primitive(), table.into_primitive());
                let [loss, to_hidden, to_table] = B::cross_entropy_with(hidden, table, &targets);
                prepared.finish([to_hidden, to_table], loss)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::cross_entropy(
                hidden.into_primitive(),
                table.into_primitive(),
                targets,
            )),
        }
    }

    fn lstm(
        input: FloatTensor<Self>,
        recurrent: FloatTensor<Self>,
        state: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let nodes = [input.node(), recurrent.node(), state.node()];
        match Lstm.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prepared) => {
                let kept = [prepared.checkpoint(&recurrent), prepared.checkpoint(&state)];
                let (made, memory) = B::lstm_with(
                    input.into_primitive(),
                    recurrent.into_primitive(),
                    state.into_primitive(),
                );
                prepared.finish((kept[0], kept[1], memory), made)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::lstm(
                input.into_primitive(),
                recurrent.into_primitive(),
                state.into_primitive(),
            )),
        }
    }
}
